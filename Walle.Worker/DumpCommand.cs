using System.Text.Json;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Arguments;
using Walle.Worker.Exec;
using Walle.Worker.Restic;

namespace Walle.Worker;

/// <summary>Saves what a command in a Pod prints as one restic snapshot, with one restic process that runs the worker itself as its source.</summary>
internal sealed class DumpCommand(WorkerSetting setting, Func<string, string?> variable)
{
    private const string ReportFile = "exec-report.json";

    public async Task<WorkerResult> RunAsync(CancellationToken stop)
    {
        var arguments = setting.Arguments;
        var report = Path.Combine(arguments.TemporaryDirectory, ReportFile);
        File.Delete(report);
        var output = new ResticOutput("/");
        await using var watchdog = new RepositoryWatchdog(setting.Time, arguments.ConnectTimeout);
        output.Progressed += _ => watchdog.Progressed();
        output.Progressed += setting.Log.Progress;
        output.BackendSpoke += watchdog.BackendSpoke;
        output.Noted += setting.Log.Note;
        var kills = MemoryPressure.Kills(File.ReadLines);
        var exit = await setting.Restic.RunAsync(Line(arguments, report), "/", output, watchdog, stop);
        var oom = MemoryPressure.Kills(File.ReadLines) > kills;
        return ResultOf(exit, output, Read(report), ResticFailure.Of(exit, output, watchdog.LastTrouble, oom), stop);
    }

    private List<string> Line(WorkerArguments arguments, string report)
    {
        var line = ResticArguments.Backup(arguments, parent: null, excludeLostAndFound: false, empty: false);
        line.RemoveRange(line.IndexOf("--"), 2);
        var self = System.Environment.ProcessPath ?? throw new WorkerException(Reason.ResticFailed, WorkerExitCode.Failure, "the worker does not know its own path");
        return [.. line, "--stdin-from-command", "--stdin-filename=" + arguments.Path, "--", self, .. DumpArgumentParser.StreamLine(arguments.Dump!, ApiServer.Of(arguments.Dump!, variable), report)];
    }

    private static ExecReport? Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            string? Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
            return new ExecReport
            {
                Reason = Text("reason"),
                Message = Text("message"),
                Sha256 = Text("sha256"),
                ExitCode = root.TryGetProperty("exitCode", out var code) ? code.GetInt32() : null,
                Bytes = root.GetProperty("bytes").GetInt64(),
                OutputClosed = root.GetProperty("outputClosed").GetBoolean(),
            };
        }
        catch (Exception missing) when (missing is IOException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Killed before it could leave one, or never started.
            return null;
        }
    }

    private WorkerResult ResultOf(ResticExit exit, ResticOutput output, ExecReport? report, Failure? failure, CancellationToken stop)
    {
        failure = Cause(exit, report, failure);
        if (failure is null && output.Summary is not { SnapshotId: not null })
            failure = new Failure(Reason.ResticFailed, WorkerExitCode.Failure, "restic exited 0 but named no snapshot");
        if (failure is null && report?.Bytes != output.Summary!.BytesProcessed)
            failure = new Failure(Reason.DumpFailed, WorkerExitCode.Failure, $"the command printed {report?.Bytes} bytes and restic saved {output.Summary.BytesProcessed}");
        if (failure is not null && stop.IsCancellationRequested)
            failure = new Failure(Reason.Cancelled, WorkerExitCode.Failure, "stopped by SIGTERM");
        if (failure is null)
            setting.Log.Say($"saved snapshot {output.Summary!.SnapshotId}: {report!.Bytes} bytes, sha256 {report.Sha256}");
        return new WorkerResult
        {
            ExitCode = failure?.ExitCode ?? WorkerExitCode.Success,
            Reason = failure?.Reason.ToString(),
            Message = failure?.Message,
            // What failed is no backup, whatever restic may have saved.
            SnapshotId = failure is null ? output.Summary!.SnapshotId : null,
            BytesProcessed = report?.Bytes,
            BytesAdded = failure is null ? output.Summary!.BytesAdded : null,
            DurationSeconds = exit.Duration.TotalSeconds,
            Sha256 = failure is null ? report!.Sha256 : null,
            CommandExitCode = report?.ExitCode,
        };
    }

    /// <summary>The repository's troubles come first: when restic gives up, the command's stream breaks off as a consequence.</summary>
    private static Failure? Cause(ResticExit exit, ExecReport? report, Failure? failure)
    {
        if (exit.Code is not (0 or 1 or 3) || exit.GaveUp)
            return failure;
        if (report is { Reason: { } name, OutputClosed: false })
            return new Failure(Enum.TryParse<Reason>(name, out var reason) ? reason : Reason.DumpFailed, WorkerExitCode.Failure, report.Message ?? name);
        if (failure is null)
            return report is null ? new Failure(Reason.DumpFailed, WorkerExitCode.Failure, "nothing tells how the command ended") : null;
        return failure.Message.Contains("command failed", StringComparison.Ordinal)
            ? new Failure(Reason.DumpFailed, WorkerExitCode.Failure, $"the command's stream broke off: {failure.Message}")
            : failure;
    }
}
