using System.Globalization;
using System.IO.Enumeration;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Arguments;
using Walle.Worker.Restic;
using Walle.Worker.Result;

namespace Walle.Worker.Restore;

/// <summary>The volume that is restored into: what must be true of it before the first byte is written. Follows no link and opens no file but its own mark.</summary>
internal sealed class TargetVolume(string root)
{
    private const string LostAndFound = "lost+found";
    private const int LostAndFoundMode = 0b111_000_000;

    public string Root => root;

    /// <summary>The file system's own folder: not content, and to be put back when restic deleted it.</summary>
    private bool HasLostAndFound { get; } = Directory.Exists($"{root}/{LostAndFound}");

    /// <summary>To restic it was one file too many.</summary>
    public bool LostAndFoundIsGone => HasLostAndFound && !Directory.Exists($"{root}/{LostAndFound}");

    /// <returns>The mark of an earlier worker of the same RestoreJob, whose work is taken up; or null.</returns>
    /// <exception cref="WorkerException">TargetNotEmpty, TargetNotWritable.</exception>
    public RestoreMarker? Inspect(string owner, string overwrite)
    {
        List<string> entries;
        RestoreMarker? marker;
        try
        {
            if (!Directory.Exists(root))
                throw new WorkerException(Reason.TargetNotWritable, WorkerExitCode.Failure, $"there is no folder {root}: the target is not mounted");
            entries = [.. Names(root).Where(name => name != LostAndFound || Names($"{root}/{LostAndFound}").Any()).Take(4)];
            marker = RestoreMarker.Read(root);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw NotWritable("its root cannot be read");
        }
        if (marker?.Owner == owner)
            return marker;
        if (overwrite != RestoreOptions.Never || entries.Count == 0)
            return null;
        throw new WorkerException(
            Reason.TargetNotEmpty, WorkerExitCode.Failure,
            marker is null
                ? $"the target holds files ({Shown(entries)}) and spec.overwrite is Never; nothing was written. Use an empty claim, or overwrite: IfChanged or Always"
                : $"the target holds what another restore left unfinished ({marker.Owner}); nothing was written. Use an empty claim, or overwrite: Always");
    }

    /// <summary>Before anything is written. Of a part of the backup nobody knows the size: then restic has to find out.</summary>
    /// <exception cref="WorkerException">TargetTooSmall.</exception>
    public void RequireSpace(RepositorySnapshot snapshot, bool whole, bool empty)
    {
        if (!whole || NativeFile.Space(root) is not { Size: > 0 } space)
            return;
        // What is there may be replaced, file by file: then only the whole size can be judged.
        var room = empty ? space.Available : space.Size;
        if (BytesNeeded(snapshot) is { } needed && needed > room)
        {
            throw new WorkerException(
                Reason.TargetTooSmall, WorkerExitCode.Failure,
                $"the backup needs {WorkerLog.Size(needed)} and the target has {WorkerLog.Size(room)}{(empty ? " free" : "")}; nothing was written. Make the claim larger");
        }
        var inodes = empty ? space.InodesAvailable : space.Inodes;
        if (space.Inodes > 0 && snapshot.Files > inodes)
        {
            throw new WorkerException(
                Reason.TargetTooSmall, WorkerExitCode.Failure,
                string.Create(CultureInfo.InvariantCulture, $"the backup holds {snapshot.Files} files and the target has room for {inodes} (inodes); nothing was written. Make the claim larger"));
        }
    }

    /// <summary>The sizes of the files, or what they really took where there were holes in them. Null when nobody recorded it.</summary>
    public static long? BytesNeeded(RepositorySnapshot snapshot)
    {
        var used = long.TryParse(SnapshotTags.ValueOf(snapshot.Tags, SnapshotTags.Used), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : (long?)null;
        return snapshot.Bytes is { } files && used is { } taken ? Math.Min(files, taken) : snapshot.Bytes ?? used;
    }

    /// <exception cref="WorkerException">TargetNotWritable.</exception>
    public void Mark(RestoreMarker marker)
    {
        try
        {
            marker.Write(root);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(refused.Message.Contains("space", StringComparison.OrdinalIgnoreCase) ? "it is full" : "the worker may not write to it");
        }
    }

    /// <summary>All is there: puts back what the restore itself took away, and says what could not be.</summary>
    /// <param name="attributes">Of the root; null to leave it alone.</param>
    public string? Finish(RootAttributes? attributes)
    {
        if (LostAndFoundIsGone)
        {
            Directory.CreateDirectory($"{root}/{LostAndFound}");
            NativeFile.ChangeMode($"{root}/{LostAndFound}", LostAndFoundMode);
        }
        RestoreMarker.Remove(root);
        return attributes?.Apply(root);
    }

    private static FileSystemEnumerable<string> Names(string folder) =>
        new(folder, (ref FileSystemEntry entry) => entry.FileName.ToString(), new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false });

    private static string Shown(List<string> names) => string.Join(", ", names.Take(3)) + (names.Count > 3 ? ", …" : "");

    private static WorkerException NotWritable(string why) => new(Reason.TargetNotWritable, WorkerExitCode.Failure, $"the target cannot be restored into: {why}");
}
