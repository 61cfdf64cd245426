using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>
/// What a backup notes of its claim, in the snapshot's tags: enough to make the claim again in a cluster that lost everything. A few hundred bytes; what
/// is no tag to restic, or would make the snapshot large, is left out.
/// </summary>
internal static class RecordedFacts
{
    private const int MostLabelBytes = 600;

    public static IEnumerable<string> Tags(BackupObservation observation, VolumeStatus volume)
    {
        IEnumerable<string?> facts =
        [
            Tag(SnapshotTags.StorageClass, volume.StorageClassName),
            Tag(SnapshotTags.Size, volume.Size),
            Tag(SnapshotTags.AccessModes, volume.AccessModes is { Count: > 0 } modes ? string.Join(':', modes) : null),
            observation.Job.Spec.Source is { Kind: not (null or SourceKind.PersistentVolumeClaim) } source ? Tag(SnapshotTags.Source, $"{source.Kind}/{source.Name}") : null,
        ];
        return facts.OfType<string>().Concat(Labels(observation));
    }

    private static IEnumerable<string> Labels(BackupObservation observation)
    {
        var left = MostLabelBytes;
        foreach (var (key, value) in observation.Source?.Labels ?? [])
        {
            if (Tag(SnapshotTags.Label, $"{key}={value}") is { } tag && (left -= tag.Length) >= 0)
            {
                yield return tag;
            }
        }
    }

    private static string? Tag(string name, string? value) =>
        !string.IsNullOrEmpty(value) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '=' or ':' or '/' or '-') ? $"{name}={value}" : null;
}
