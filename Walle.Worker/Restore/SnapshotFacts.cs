using Walle.Crds.Contracts;
using Walle.Worker.Restic;
using Walle.Worker.Source;

namespace Walle.Worker.Restore;

/// <summary>What a backup notes for the restore, and what a restore finds noted.</summary>
internal static class SnapshotFacts
{
    /// <summary>What only the worker can see; the controller's notes come as tags of the command line.</summary>
    public static List<string> Tags(string volume, SourceContent content)
    {
        List<string> tags = [$"{SnapshotTags.Version}={typeof(SnapshotFacts).Assembly.GetName().Version?.ToString(3) ?? "0"}"];
        if (RootAttributes.Read(volume) is { } root)
            tags.Add($"{SnapshotTags.Root}={root}");
        if (NativeFile.Space(volume) is { Size: > 0 } space)
            tags.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{SnapshotTags.Used}={space.Used}"));
        if (content == SourceContent.Empty)
            tags.Add(SnapshotTags.Empty);
        return tags;
    }

    public static RecordedClaim Claim(RepositorySnapshot snapshot)
    {
        const string Label = SnapshotTags.Label + "=";
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in snapshot.Tags.Where(tag => tag.StartsWith(Label, StringComparison.Ordinal)))
        {
            if (tag[Label.Length..].Split('=', 2) is [var key, var value])
                labels[key] = value;
        }
        return new RecordedClaim
        {
            StorageClassName = SnapshotTags.ValueOf(snapshot.Tags, SnapshotTags.StorageClass),
            Size = SnapshotTags.ValueOf(snapshot.Tags, SnapshotTags.Size),
            AccessModes = SnapshotTags.ValueOf(snapshot.Tags, SnapshotTags.AccessModes)?.Split(':').ToList(),
            Labels = labels.Count > 0 ? labels : null,
        };
    }

    public static RootAttributes? Root(RepositorySnapshot snapshot) => RootAttributes.Parse(SnapshotTags.ValueOf(snapshot.Tags, SnapshotTags.Root));

    /// <summary>Null for the backup of a volume.</summary>
    public static DumpPath? Dump(RepositorySnapshot snapshot, string volumeRoot) => snapshot.Paths is [var path] ? DumpPath.Parse(path, volumeRoot) : null;

    /// <summary>
    /// Where the volume's root is in the snapshot's tree. That of a volume is the tree's own root; an empty volume, and a dump, were saved by their
    /// whole path.
    /// </summary>
    public static string? SubPath(RepositorySnapshot snapshot, string volumeRoot)
    {
        if (snapshot.Paths is not [var path])
            return null;
        if (snapshot.Tags.Contains(SnapshotTags.Empty))
            return path;
        return DumpPath.Parse(path, volumeRoot) is not null && Path.GetDirectoryName(path) is { Length: > 1 } folder ? folder : null;
    }
}
