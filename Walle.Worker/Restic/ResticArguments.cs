using System.Globalization;
using Walle.Crds.Contracts;
using Walle.Worker.Arguments;

namespace Walle.Worker.Restic;

/// <summary>
/// restic's command line. Pure. Every value is joined to its flag (<c>--host=x</c>) and the source follows <c>--</c>, so that nothing that comes from
/// outside can become a flag of its own.
/// </summary>
internal static class ResticArguments
{
    public static readonly IReadOnlyList<string> Version = ["version"];
    public static readonly IReadOnlyList<string> Init = ["init", "--json"];
    public static readonly IReadOnlyList<string> Config = ["cat", "config", "--json"];

    /// <param name="parent">The snapshot to compare with, or null for restic's own search.</param>
    /// <param name="excludeLostAndFound">Whether the file system's own folder is left out.</param>
    /// <param name="empty">The volume has no entries.</param>
    public static List<string> Backup(WorkerArguments arguments, string? parent, bool excludeLostAndFound, bool empty)
    {
        var root = arguments.Path!;
        List<string> line = ["backup", "--json", "--host=" + arguments.Host, "--time=" + arguments.Time!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)];
        if (parent is not null)
            line.Add("--parent=" + parent);
        if (arguments.FullRead)
            line.Add("--force");
        if (arguments.IgnoreInode)
            line.AddRange(["--ignore-inode", "--ignore-ctime"]);
        foreach (var tag in arguments.Tags)
            line.Add("--tag=" + tag);
        foreach (var pattern in arguments.Excludes)
            line.Add("--exclude=" + Anchor(root, pattern));
        if (excludeLostAndFound)
            line.Add("--exclude=" + Literal(root) + "/lost+found");
        if (arguments.ExcludeCaches)
            line.Add("--exclude-caches");
        if (arguments.Compression is { } compression)
            line.Add("--compression=" + compression);
        if (arguments.LimitUpload > 0)
            line.Add(string.Create(CultureInfo.InvariantCulture, $"--limit-upload={arguments.LimitUpload}"));
        // Only against a parent that is known: a run that saved nothing must still be able to name the snapshot that holds the data.
        if (arguments.SkipIfUnchanged && parent is not null)
            line.Add("--skip-if-unchanged");
        if (arguments.RetryLock is { } wait)
            line.Add("--retry-lock=" + wait);
        // restic saves no snapshot of a folder without entries ("snapshot is empty"). Named by its path, it saves the folder itself.
        line.AddRange(["--", empty ? root : "."]);
        return line;
    }

    /// <summary>The mark of a partial snapshot: under a path of its own, so that nothing takes it for a backup of the volume.</summary>
    public static List<string> Mark(WorkerArguments arguments, string snapshotId)
    {
        List<string> line =
        [
            "backup", "--json", "--host=" + arguments.Host, "--time=" + arguments.Time!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            "--force", "--tag=" + SnapshotTags.PartialMark, $"--tag={SnapshotTags.PartialOf}={snapshotId}",
        ];
        if (arguments.RetryLock is { } wait)
            line.Add("--retry-lock=" + wait);
        return [.. line, "--", SnapshotTags.PartialMark];
    }

    /// <summary>restic compares with the whole path, so a pattern that begins at the root can only mean the volume's root.</summary>
    private static string Anchor(string root, string pattern)
    {
        var negated = pattern.StartsWith('!');
        var bare = negated ? pattern[1..] : pattern;
        if (!bare.StartsWith('/') || bare == root || bare.StartsWith(root + "/", StringComparison.Ordinal))
            return pattern;
        return (negated ? "!" : "") + Literal(root) + bare;
    }

    /// <summary>A path as a pattern that matches only itself.</summary>
    private static string Literal(string path) =>
        path.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("*", @"\*", StringComparison.Ordinal)
            .Replace("?", @"\?", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal);
}
