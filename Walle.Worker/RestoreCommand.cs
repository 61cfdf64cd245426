using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Arguments;
using Walle.Worker.Restic;
using Walle.Worker.Restore;
using Walle.Worker.Result;

namespace Walle.Worker;

/// <summary>Restores one snapshot into the volume that is mounted. Never initialises anything, and writes nothing before every check has passed.</summary>
internal sealed class RestoreCommand(WorkerSetting setting, string? allowed)
{
    public async Task<WorkerResult> RunAsync(CancellationToken stop)
    {
        var arguments = setting.Arguments;
        var restore = arguments.Restore;
        var target = new TargetVolume(restore.Target);
        var (earlier, refusal) = target.Inspect(restore.Owner!, restore.Overwrite);
        var snapshot = Choose(await new SnapshotReader(setting).ReadAsync(stop), earlier);
        if (refusal is not null)
        {
            if (!await new FinishedRestore(setting).IsThereAsync(snapshot, stop))
                throw refusal;
            earlier = new RestoreMarker(restore.Owner!, snapshot.Id);
        }
        target.RequireSpace(snapshot, whole: restore.Includes.Count == 0 && arguments.Excludes.Count == 0, empty: restore.Overwrite == RestoreOptions.Never && earlier is null);
        setting.Log.Say($"restoring snapshot {snapshot.Id} of {snapshot.Time:u}{(earlier is null ? "" : ", taking up what an earlier worker has left")}");
        target.Mark(new RestoreMarker(restore.Owner!, snapshot.Id));
        // What the earlier worker left is compared by content: after a crash of the node a file may have its size and time but not its bytes.
        var overwrite = earlier is not null && restore.Overwrite == RestoreOptions.Never ? RestoreOptions.Always : restore.Overwrite;
        var (exit, output, failure) = await RunResticAsync(snapshot, overwrite, stop);
        failure ??= Emptiness(output, overwrite);
        if (failure is not null && stop.IsCancellationRequested)
            failure = new Failure(Reason.Cancelled, WorkerExitCode.Failure, "stopped by SIGTERM; the target is half restored");
        var deleted = (output.Restored?.FilesDeleted ?? 0) - (target.LostAndFoundIsGone ? 1 : 0);
        if (failure is null && SnapshotFacts.Dump(snapshot, restore.VolumeRoot) is { } dump && !target.NameDump(dump, snapshot.Paths[0]))
            failure = new Failure(Reason.RestoreIncomplete, WorkerExitCode.Partial, $"the dump is in the volume, but not under its name {dump.FileName}: something else has it");
        if (failure is null && target.Finish(restore.Includes.Count == 0 ? SnapshotFacts.Root(snapshot) : null) is { } unset)
            failure = new Failure(Reason.RestoreIncomplete, WorkerExitCode.Partial, $"the {unset} of the volume's root could not be set");
        return ResultOf(snapshot, exit, output, failure, overwrite, deleted);
    }

    /// <summary>The snapshot of the earlier worker, if the request allows it: meanwhile a newer one may have been saved.</summary>
    private RepositorySnapshot Choose(List<RepositorySnapshot> all, RestoreMarker? earlier)
    {
        var request = SnapshotRequest.From(setting.Arguments, allowed);
        if (earlier is not null && request is { SnapshotId: null, Path: { } path } && request.Rights.Covers(request.Cluster, path)
            && SnapshotChoice.Complete(all, request.Cluster, path).Find(snapshot => snapshot.Id == earlier.SnapshotId) is { } same)
        {
            return same;
        }
        return SnapshotChoice.Choose(all, request);
    }

    private async Task<(ResticExit Exit, ResticOutput Output, Failure? Failure)> RunResticAsync(RepositorySnapshot snapshot, string overwrite, CancellationToken stop)
    {
        var subPath = SnapshotFacts.SubPath(snapshot, setting.Arguments.Restore.VolumeRoot);
        var (exit, output, failure) = await RunResticAsync(snapshot.Id, subPath, overwrite, stop);
        // A dump that was saved under its bare name.
        if (subPath is not null && failure is not null && output.ExitError?.StartsWith("path ", StringComparison.Ordinal) == true && output.ExitError.EndsWith(": not found", StringComparison.Ordinal))
            return await RunResticAsync(snapshot.Id, null, overwrite, stop);
        return (exit, output, failure);
    }

    private async Task<(ResticExit Exit, ResticOutput Output, Failure? Failure)> RunResticAsync(string snapshotId, string? subPath, string overwrite, CancellationToken stop)
    {
        var arguments = setting.Arguments;
        var output = new ResticOutput(arguments.Restore.Target, "cannot restore");
        await using var watchdog = new RepositoryWatchdog(setting.Time, arguments.ConnectTimeout);
        output.Progressed += _ => watchdog.Progressed();
        output.Progressed += setting.Log.Progress;
        output.BackendSpoke += watchdog.BackendSpoke;
        output.Noted += setting.Log.Note;
        var kills = MemoryPressure.Kills(File.ReadLines);
        var exit = await setting.Restic.RunAsync(RestoreLine.Restore(arguments, snapshotId, subPath, overwrite), "/", output, watchdog, stop);
        return (exit, output, RestoreFailure.Of(exit, output, watchdog.LastTrouble, MemoryPressure.Kills(File.ReadLines) > kills));
    }

    /// <summary>restic is content when a pattern matches nothing, and when a file was there already.</summary>
    private Failure? Emptiness(ResticOutput output, string overwrite)
    {
        var restored = output.Restored!;
        var arguments = setting.Arguments;
        if (restored is { FilesRestored: 0, FilesSkipped: 0 } && (arguments.Restore.Includes.Count > 0 || arguments.Excludes.Count > 0))
            return new Failure(Reason.NothingMatched, WorkerExitCode.Failure, "no file of the backup matches spec.include, or spec.exclude leaves none: nothing was restored");
        return overwrite == RestoreOptions.Never && restored.FilesSkipped > 0
            ? new Failure(Reason.TargetNotEmpty, WorkerExitCode.Partial, string.Create(CultureInfo.InvariantCulture, $"somebody else wrote to the target during the restore: {restored.FilesSkipped} files were there already and were left alone"))
            : null;
    }

    private WorkerResult ResultOf(RepositorySnapshot snapshot, ResticExit exit, ResticOutput output, Failure? failure, string overwrite, long deleted)
    {
        var restored = output.Restored;
        if (failure is null)
        {
            setting.Log.Say(string.Create(CultureInfo.InvariantCulture,
                $"restored snapshot {snapshot.Id}: {restored!.FilesRestored} files and folders, {WorkerLog.Size(restored.BytesRestored)}; {restored.FilesSkipped} left as they were, {deleted} deleted"));
        }
        return new WorkerResult
        {
            ExitCode = failure?.ExitCode ?? WorkerExitCode.Success,
            Reason = failure?.Reason.ToString(),
            Message = failure?.Message,
            SnapshotId = snapshot.Id,
            SnapshotTime = snapshot.Time,
            FilesRestored = restored?.FilesRestored,
            FilesSkipped = restored?.FilesSkipped,
            FilesDeleted = restored is null ? null : deleted,
            BytesRestored = restored?.BytesRestored,
            // A file that is skipped for its size and time is not looked into, not even by --verify.
            Verified = failure is null ? setting.Arguments.Restore.Verify && !(overwrite == RestoreOptions.IfChanged && restored!.FilesSkipped > 0) : null,
            OwnershipRestored = NativeFile.IsRoot,
            DurationSeconds = exit.Duration.TotalSeconds,
            Unreadable = output.Unreadable.Count > 0 ? [.. output.Unreadable] : null,
            UnreadableCount = output.UnreadableCount > 0 ? output.UnreadableCount : null,
        };
    }
}
