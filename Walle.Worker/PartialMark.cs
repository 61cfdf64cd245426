using Walle.Crds.Contracts;
using Walle.Worker.Restic;

namespace Walle.Worker;

/// <summary>
/// Says in the repository itself that a snapshot is partial, since restic does not and the BackupJob's status may be lost with the cluster. It is a tiny
/// snapshot of its own: `restic tag` would need the repository for itself, could not be used where nothing may be deleted, and would change the id.
/// </summary>
internal sealed class PartialMark(WorkerSetting setting)
{
    /// <returns>Why it could not be saved, for the result; or null.</returns>
    public async Task<string?> SaveAsync(string snapshotId)
    {
        var arguments = setting.Arguments;
        await File.WriteAllTextAsync($"{arguments.TemporaryDirectory}/{SnapshotTags.PartialMark}", $"Snapshot {snapshotId} is partial: part of the volume could not be read.\n");
        var output = new ResticOutput(arguments.TemporaryDirectory);
        await using var watchdog = new RepositoryWatchdog(setting.Time, arguments.ConnectTimeout);
        output.BackendSpoke += watchdog.BackendSpoke;
        output.Noted += setting.Log.Note;
        // Not to be interrupted: the snapshot that it tells of stands already.
        var exit = await setting.Restic.RunAsync(ResticArguments.Mark(arguments, snapshotId), arguments.TemporaryDirectory, output, watchdog, CancellationToken.None);
        if (exit is { Code: 0, GaveUp: false } && output.Summary?.SnapshotId is not null)
            return null;
        return $"and it could not be marked as partial in the repository ({output.ExitError ?? output.LastLine ?? "restic said nothing"}): a restore could take it for complete; forget it with: restic forget {snapshotId}";
    }
}
