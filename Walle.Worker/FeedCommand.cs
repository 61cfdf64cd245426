using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.Exec;
using Walle.Worker.Exec;
using Walle.Worker.Restic;
using Walle.Worker.Restore;
using Walle.Worker.Result;

namespace Walle.Worker;

/// <summary>Gives one dump to a command in a Pod. Everything that can be found out is found out before the command is started, since it is started only once.</summary>
internal sealed class FeedCommand(WorkerSetting setting, Func<string, string?> variable)
{
    public async Task<WorkerResult> RunAsync(CancellationToken stop)
    {
        var started = setting.Time.GetTimestamp();
        var snapshot = SnapshotChoice.Choose(await new SnapshotReader(setting).ReadAsync(stop), SnapshotRequest.From(setting.Arguments, variable(CredentialVariables.RestoreNamespaces)));
        FeedReport report;
        try
        {
            report = await FeedAsync(snapshot, stop);
        }
        catch (WorkerException failure)
        {
            // Nothing of this is after the start.
            report = new FeedReport(new Failure(failure.Reason, failure.ExitCode, failure.Message), Started: false, null, 0, null);
        }
        return new WorkerResult
        {
            ExitCode = report.Failure?.ExitCode ?? WorkerExitCode.Success,
            Reason = report.Failure?.Reason.ToString(),
            Message = report.Failure?.Message,
            SnapshotId = snapshot.Id,
            SnapshotTime = snapshot.Time,
            BytesRestored = report.Bytes,
            Verified = report.Failure is null ? setting.Arguments.Restore.Verify : null,
            Sha256 = report.Sha256,
            CommandExitCode = report.ExitCode,
            CommandStarted = report.Started,
            DurationSeconds = setting.Time.GetElapsedTime(started).TotalSeconds,
        };
    }

    private async Task<FeedReport> FeedAsync(RepositorySnapshot snapshot, CancellationToken stop)
    {
        var arguments = setting.Arguments;
        var dump = arguments.Dump!;
        var reader = new DumpReader(setting, snapshot.Id, PathOf(snapshot));
        var server = ApiServer.Of(dump, variable);
        var podUid = variable(WorkerVariables.PodUid) ?? throw new WorkerException(Reason.InvalidSpec, WorkerExitCode.InvalidInput, $"{WorkerVariables.PodUid} is missing");
        using var connection = new ClusterConnection(dump.AccountDirectory);
        await RequirePodAsync(connection, server, stop);
        var expected = await VerifyAsync(snapshot, reader, stop);
        await new CommandLeave(connection, server, dump.Namespace, arguments.Restore.Owner!, podUid, setting.Time).AwaitAsync(stop);
        await RequirePodAsync(connection, server, stop);

        setting.Log.Say($"giving {WorkerLog.Size(expected.Bytes)} of snapshot {snapshot.Id} to the command in container {dump.Container} of Pod {dump.Pod}");
        var report = await new CommandFeed(connection, server, dump, setting.Time).RunAsync(expected, reader.ReadAsync, stop);
        if (report.Failure is null)
            setting.Log.Say($"the command took {report.Bytes} bytes, sha256 {report.Sha256}, and ended with exit code 0");
        return report;
    }

    /// <summary>Reads the whole dump for nothing but the proof that it can be read; its size is needed in any case.</summary>
    private async Task<(long Bytes, string? Sha256)> VerifyAsync(RepositorySnapshot snapshot, DumpReader reader, CancellationToken stop)
    {
        if (!setting.Arguments.Restore.Verify && snapshot.Bytes is { } recorded)
            return (recorded, null);
        setting.Log.Say($"reading snapshot {snapshot.Id} of {snapshot.Time:u}");
        var (bytes, sha256) = await reader.ReadAsync((_, _) => ValueTask.CompletedTask, stop);
        return snapshot.Bytes is null || snapshot.Bytes == bytes
            ? (bytes, sha256)
            : throw new WorkerException(Reason.RepositoryDamaged, WorkerExitCode.Failure, $"the dump has {bytes} bytes and the backup recorded {snapshot.Bytes}");
    }

    private async Task RequirePodAsync(ClusterConnection connection, Uri server, CancellationToken stop)
    {
        var dump = setting.Arguments.Dump!;
        int code;
        string? uid;
        try
        {
            (code, uid) = await connection.PodUidAsync(server, dump.Namespace, dump.Pod, stop);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or UnauthorizedAccessException)
        {
            throw new WorkerException(Reason.HookUnreachable, WorkerExitCode.Failure, $"the API server cannot be reached: {broken.Message}");
        }
        var refusal = code switch
        {
            200 when uid == dump.PodUid => null,
            200 or ExecRefusedException.NotFound => new WorkerException(Reason.PodReplaced, WorkerExitCode.Failure, $"Pod {dump.Pod} is gone or was replaced; nothing was started"),
            ExecRefusedException.Forbidden or ExecRefusedException.Unauthorized => new WorkerException(Reason.HookForbidden, WorkerExitCode.Failure, ExecRights.Missing(dump.Namespace)),
            _ => new WorkerException(Reason.HookUnreachable, WorkerExitCode.Failure, $"Pod {dump.Pod} cannot be read: the API server answered {code}"),
        };
        if (refusal is not null)
            throw refusal;
    }

    private string PathOf(RepositorySnapshot snapshot) =>
        snapshot.Paths is [var path] && DumpPath.Parse(path, setting.Arguments.Restore.VolumeRoot) is not null
            ? path
            : throw new WorkerException(Reason.InvalidSpec, WorkerExitCode.InvalidInput, $"snapshot {snapshot.Id[..8]} is that of a volume and not of a dump; restore it with spec.target.claimName");
}
