using System.Globalization;
using Walle.Crds.Contracts;
using Walle.Worker.Arguments;
using Walle.Worker.Restic;

namespace Walle.Worker.Restore;

/// <summary>The command lines of a restore. Pure. As in <see cref="ResticArguments"/>, no value can become a flag of its own.</summary>
internal static class RestoreLine
{
    /// <summary>All of them: marks of partial ones stand under other paths.</summary>
    public static List<string> Snapshots(WorkerArguments arguments) => [.. WithLock(["snapshots", "--json"], arguments)];

    /// <param name="subPath">The folder in the snapshot that is the volume's root; null for the snapshot's own.</param>
    /// <param name="overwrite">As restic spells it.</param>
    public static List<string> Restore(WorkerArguments arguments, string snapshotId, string? subPath, string overwrite)
    {
        var restore = arguments.Restore;
        List<string> line =
        [
            "restore", "--json", "--target=" + restore.Target, "--overwrite=" + overwrite,
            // Runs of zeros become holes: a volume of holes would not fit its own size otherwise.
            "--sparse",
            // A label of the old Pod's on the old node; kubelet gives the volume the new one's.
            "--exclude-xattr=security.selinux",
        ];
        if (restore.Verify)
            line.Add("--verify");
        if (restore.DeleteExtra)
            line.Add("--delete");
        if (restore.LimitDownload > 0)
            line.Add(string.Create(CultureInfo.InvariantCulture, $"--limit-download={restore.LimitDownload}"));
        foreach (var pattern in restore.Includes)
            line.Add("--include=" + pattern);
        foreach (var pattern in arguments.Excludes)
            line.Add("--exclude=" + pattern);
        // Neither overwritten by that of a backup of a half restored volume, nor deleted as one file too many. With an include only what matches is touched.
        if (restore.Includes.Count == 0)
            line.Add("--exclude=/" + WorkerPaths.RestoreMarker);
        return [.. WithLock(line, arguments), "--", subPath is null ? snapshotId : $"{snapshotId}:{subPath}"];
    }

    /// <summary>What a restore of all would change, and delete; without doing it.</summary>
    public static List<string> Compare(WorkerArguments arguments, string snapshotId, string overwrite) =>
    [
        .. WithLock(["restore", "--json", "--dry-run", "--delete", "--target=" + arguments.Restore.Target, "--overwrite=" + overwrite, $"--exclude=/{TargetVolume.LostAndFound}"], arguments),
        "--", snapshotId,
    ];

    /// <summary>One file, to standard output.</summary>
    public static List<string> Dump(WorkerArguments arguments, string snapshotId, string path)
    {
        List<string> line = ["dump"];
        if (arguments.Restore.LimitDownload > 0)
            line.Add(string.Create(CultureInfo.InvariantCulture, $"--limit-download={arguments.Restore.LimitDownload}"));
        return [.. WithLock(line, arguments), "--", snapshotId, path];
    }

    private static List<string> WithLock(List<string> line, WorkerArguments arguments) => arguments.RetryLock is { } wait ? [.. line, "--retry-lock=" + wait] : line;
}
