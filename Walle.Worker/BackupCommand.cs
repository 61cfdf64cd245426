using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Restic;
using Walle.Worker.Restore;
using Walle.Worker.Result;
using Walle.Worker.Source;

namespace Walle.Worker;

/// <summary>Saves the volume as one restic snapshot, with one restic process.</summary>
internal sealed class BackupCommand(WorkerSetting setting)
{
    private static readonly string[] Absent = ["no such file", "not exist", "doesn't exist", "not found", "nosuchkey", "(404)"];

    public async Task<WorkerResult> RunAsync(CancellationToken stop)
    {
        var arguments = setting.Arguments;
        var source = SourceVolume.Inspect(arguments.Path!);
        Refuse(source);
        arguments.Tags.AddRange(SnapshotFacts.Tags(arguments.Path!, source.Content));
        // A full read compares with nothing.
        var parent = arguments.FullRead ? null : arguments.Parent;
        var (exit, output, trouble, oom) = await BackUpAsync(parent, source, stop);
        if (parent is not null && IsMissing(exit, output))
        {
            setting.Log.Say($"the parent {parent[..8]} is gone from the repository; restic looks for another one");
            parent = null;
            (exit, output, trouble, oom) = await BackUpAsync(parent, source, stop);
        }
        var failure = ResticFailure.Of(exit, output, trouble, oom);
        if (failure is not null && output.Summary?.SnapshotId is { } partial && await new PartialMark(setting).SaveAsync(partial) is { } unmarked)
            failure = failure with { Message = $"{failure.Message}; {unmarked}" };
        return ResultOf(exit, output, parent, failure, source.Content, stop);
    }

    private void Refuse(SourceInspection source)
    {
        if (RestoreMarker.Exists(setting.Arguments.Path!))
        {
            throw new WorkerException(
                Reason.RestoreUnfinished, WorkerExitCode.Failure,
                $"the volume holds {WorkerPaths.RestoreMarker}: a restore into it did not finish, and a backup of half of it would pass for whole; nothing was saved. Finish the restore, or delete that file if the content is right");
        }
        if (source.Content == SourceContent.Unreadable)
        {
            throw new WorkerException(
                Reason.SourceUnreadable, WorkerExitCode.Failure,
                $"no file of the volume can be read, first {source.FirstUnreadable}; nothing was saved. The worker needs the files' user or group, or the Baseline profile");
        }
        if (setting.Arguments.ExpectFiles && (source.Content is SourceContent.Empty or SourceContent.OnlyFolders))
            throw new WorkerException(Reason.EmptySource, WorkerExitCode.Failure, "the volume holds no file, and the last backup did; nothing was saved");
    }

    private async Task<(ResticExit Exit, ResticOutput Output, string? Trouble, bool OutOfMemory)> BackUpAsync(string? parent, SourceInspection source, CancellationToken stop)
    {
        var arguments = setting.Arguments;
        var output = new ResticOutput(arguments.Path!);
        await using var watchdog = new RepositoryWatchdog(setting.Time, arguments.ConnectTimeout);
        output.Progressed += _ => watchdog.Progressed();
        output.Progressed += setting.Log.Progress;
        output.BackendSpoke += watchdog.BackendSpoke;
        output.Noted += setting.Log.Note;
        var line = ResticArguments.Backup(arguments, parent, source.ExcludeLostAndFound, source.Content == SourceContent.Empty);
        var kills = MemoryPressure.Kills(File.ReadLines);
        var exit = await setting.Restic.RunAsync(line, arguments.Path!, output, watchdog, stop);
        return (exit, output, watchdog.LastTrouble, MemoryPressure.Kills(File.ReadLines) > kills);
    }

    /// <summary>"failed to load snapshot 01234567: &lt;snapshot/0123456789&gt; does not exist": each backend says the second half in its own words.</summary>
    internal static bool IsMissing(ResticExit exit, ResticOutput output) =>
        exit.Code == 1
        && output.ExitError is { } error
        && error.StartsWith("failed to load snapshot ", StringComparison.Ordinal)
        && Absent.Any(phrase => error.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    private WorkerResult ResultOf(ResticExit exit, ResticOutput output, string? parent, Failure? failure, SourceContent content, CancellationToken stop)
    {
        var summary = output.Summary;
        var skipped = failure is null && summary is { SnapshotId: null } && setting.Arguments.SkipIfUnchanged && parent is not null;
        if (failure is null && summary is { SnapshotId: null } && !skipped)
            failure = new Failure(Reason.ResticFailed, WorkerExitCode.Failure, "restic exited 0 but named no snapshot");
        if (failure is not null && stop.IsCancellationRequested)
            failure = new Failure(Reason.Cancelled, WorkerExitCode.Failure, "stopped by SIGTERM");
        var result = new WorkerResult
        {
            ExitCode = failure?.ExitCode ?? WorkerExitCode.Success,
            Reason = failure?.Reason.ToString(),
            Message = failure?.Message,
            SnapshotId = skipped ? parent : summary?.SnapshotId,
            SubPath = content == SourceContent.Empty ? setting.Arguments.Path : null,
            ParentId = parent,
            Skipped = skipped ? true : null,
            FilesNew = summary?.FilesNew,
            FilesChanged = summary?.FilesChanged,
            FilesUnmodified = summary?.FilesUnmodified,
            BytesProcessed = summary?.BytesProcessed,
            BytesAdded = summary?.BytesAdded,
            DurationSeconds = exit.Duration.TotalSeconds,
            Unreadable = output.Unreadable.Count > 0 ? [.. output.Unreadable] : null,
            UnreadableCount = output.UnreadableCount > 0 ? output.UnreadableCount : null,
        };
        Report(result);
        return result;
    }

    private void Report(WorkerResult result)
    {
        if (result.ExitCode is not (WorkerExitCode.Success or WorkerExitCode.Partial))
            return;
        setting.Log.Say(result.Skipped == true
            ? $"nothing has changed since snapshot {result.SnapshotId}"
            : string.Create(CultureInfo.InvariantCulture,
                $"saved snapshot {result.SnapshotId}: {result.FilesNew} new, {result.FilesChanged} changed, {result.FilesUnmodified} unmodified files, {WorkerLog.Size(result.BytesAdded ?? 0)} added"));
    }
}
