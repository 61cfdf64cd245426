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
    public const string LostAndFound = "lost+found";
    private const int LostAndFoundMode = 0b111_000_000;

    public string Root => root;

    /// <summary>The file system's own folder: not content, and to be put back when restic deleted it.</summary>
    private bool HasLostAndFound { get; } = Directory.Exists($"{root}/{LostAndFound}");

    /// <summary>To restic it was one file too many.</summary>
    public bool LostAndFoundIsGone => HasLostAndFound && !Directory.Exists($"{root}/{LostAndFound}");

    /// <exception cref="WorkerException">TargetNotEmpty, when another RestoreJob's mark is there; TargetNotWritable.</exception>
    public TargetInspection Inspect(string owner, string overwrite)
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
            return new TargetInspection(marker, null);
        if (overwrite != RestoreOptions.Never || entries.Count == 0)
            return new TargetInspection(null, null);
        return marker is null
            ? new TargetInspection(null, NotEmpty($"the target holds files ({Shown(entries)}) and spec.overwrite is Never; nothing was written. Use an empty claim, or overwrite: IfChanged or Always"))
            : throw NotEmpty($"the target holds what another restore left unfinished ({marker.Owner}); nothing was written. Use an empty claim, or overwrite: Always");
    }

    /// <summary>A dump is one file with its whole path for a name; in the volume it gets its own.</summary>
    /// <returns>False when it could not be renamed.</returns>
    public bool NameDump(DumpPath dump, string path)
    {
        try
        {
            // Of one that was saved by its bare name there is nothing to rename.
            if (File.Exists($"{root}/{Path.GetFileName(path)}"))
                File.Move($"{root}/{Path.GetFileName(path)}", $"{root}/{dump.FileName}", overwrite: true);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
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
        // A volume without the mark is whole, also after the node has lost its power.
        if (!NativeFile.Sync(root))
            return "content, durably,";
        RestoreMarker.Remove(root);
        return attributes?.Apply(root);
    }

    private static FileSystemEnumerable<string> Names(string folder) =>
        new(folder, (ref FileSystemEntry entry) => entry.FileName.ToString(), new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false });

    private static string Shown(List<string> names) => string.Join(", ", names.Take(3)) + (names.Count > 3 ? ", …" : "");

    private static WorkerException NotEmpty(string message) => new(Reason.TargetNotEmpty, WorkerExitCode.Failure, message);

    private static WorkerException NotWritable(string why) => new(Reason.TargetNotWritable, WorkerExitCode.Failure, $"the target cannot be restored into: {why}");
}
