using System.Security.Cryptography;
using Walle.Crds.Contracts;
using Walle.Worker.Restic;

namespace Walle.Worker.Restore;

/// <summary>
/// Recognises a restore that is whole already: a worker can be lost after its last step, with its node, before anybody has heard of its result. Then the
/// mark is gone, and its successor finds a volume that is not empty. Writes nothing.
/// </summary>
internal sealed class FinishedRestore(WorkerSetting setting)
{
    /// <summary>
    /// The volume holds what the snapshot holds and nothing else: by names and sizes, and where a time differs by content; a dump by its content. A
    /// folder may be missing, which is made then: restic does not tell.
    /// </summary>
    public async Task<bool> IsThereAsync(RepositorySnapshot snapshot, CancellationToken stop)
    {
        var arguments = setting.Arguments;
        // Of a part nobody knows what else may be there.
        if (arguments.Restore.Includes.Count > 0 || arguments.Excludes.Count > 0)
            return false;
        if (SnapshotFacts.Dump(snapshot, arguments.Restore.VolumeRoot) is { } dump)
            return await IsDumpAsync(snapshot, dump, stop);
        // "never" skips all that exists, but for folders; "if-changed" skips files of the same size and time. Neither may find one file too many.
        var byName = await TryAsync(snapshot, Arguments.RestoreOptions.Never, stop);
        return byName is { FilesDeleted: 0, BytesRestored: 0 } && byName.FilesRestored == snapshot.Folders
            && await TryAsync(snapshot, Arguments.RestoreOptions.IfChanged, stop) is { FilesDeleted: 0, BytesRestored: 0 };
    }

    private async Task<RestoreSummary?> TryAsync(RepositorySnapshot snapshot, string overwrite, CancellationToken stop)
    {
        var output = new ResticOutput(setting.Arguments.Restore.Target);
        var exit = await setting.Restic.RunAsync(RestoreLine.Compare(setting.Arguments, snapshot.Id, overwrite), "/", output, watchdog: null, stop);
        stop.ThrowIfCancellationRequested();
        return exit.Code == 0 ? output.Restored : null;
    }

    private async Task<bool> IsDumpAsync(RepositorySnapshot snapshot, DumpPath dump, CancellationToken stop)
    {
        var root = setting.Arguments.Restore.Target;
        var names = Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName).Where(name => name != TargetVolume.LostAndFound).Take(2).ToList();
        if (names is not [var only] || only != dump.FileName)
            return false;
        var file = new FileInfo($"{root}/{dump.FileName}");
        if ((file.Attributes & (FileAttributes.Directory | FileAttributes.ReparsePoint | FileAttributes.Device)) != 0 || file.Length != snapshot.Bytes)
            return false;
        await using var content = file.OpenRead();
        var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, stop));
        var (_, saved) = await new DumpReader(setting, snapshot.Id, snapshot.Paths[0]).ReadAsync((_, _) => ValueTask.CompletedTask, stop);
        return found == saved;
    }
}
