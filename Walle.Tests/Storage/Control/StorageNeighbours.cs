namespace Walle.Tests.Storage;

/// <summary>Which other objects may have to do something when one changes.</summary>
internal static class StorageNeighbours
{
    public static IEnumerable<ObjectKey> Of(ObjectKey key, StorageObjects objects) => key.Kind switch
    {
        "PersistentVolumeClaim" => objects.Snapshots.All
            .Where(snapshot => snapshot.Metadata.NamespaceProperty == key.Namespace
                && (snapshot.Spec.Source.PersistentVolumeClaimName == key.Name || snapshot.Metadata.DeletionTimestamp is not null))
            .SelectMany(snapshot => new[] { KeyOf(snapshot), ContentOf(snapshot) }),
        "VolumeSnapshot" => OfSnapshot(key, objects),
        "VolumeSnapshotContent" => objects.Contents.Get(null, key.Name) is { } content
            ? [new ObjectKey("VolumeSnapshot", content.Spec.VolumeSnapshotRef.NamespaceProperty ?? "", content.Spec.VolumeSnapshotRef.Name)]
            : objects.Snapshots.All.Where(snapshot => SnapshotNames.ContentName(snapshot) == key.Name).Select(KeyOf),
        "StorageClass" => objects.Claims.All
            .Where(claim => claim.Spec.StorageClassName == key.Name && string.IsNullOrEmpty(claim.Spec.VolumeName))
            .Select(claim => new ObjectKey("PersistentVolumeClaim", claim.Metadata.NamespaceProperty, claim.Metadata.Name)),
        "VolumeSnapshotClass" => objects.Snapshots.All.Where(snapshot => snapshot.Status?.ReadyToUse != true).Select(KeyOf),
        _ => [],
    };

    private static IEnumerable<ObjectKey> OfSnapshot(ObjectKey key, StorageObjects objects)
    {
        if (objects.Snapshots.Get(key.Namespace, key.Name) is { } snapshot)
            yield return ContentOf(snapshot);
        foreach (var claim in objects.Claims.All)
        {
            if (claim.Metadata.NamespaceProperty == key.Namespace && claim.Spec.DataSource?.Name == key.Name && string.IsNullOrEmpty(claim.Spec.VolumeName))
                yield return new ObjectKey("PersistentVolumeClaim", key.Namespace, claim.Metadata.Name);
        }
    }

    private static ObjectKey KeyOf(VolumeSnapshot snapshot) => new("VolumeSnapshot", snapshot.Metadata.NamespaceProperty, snapshot.Metadata.Name);

    private static ObjectKey ContentOf(VolumeSnapshot snapshot) => new("VolumeSnapshotContent", "", SnapshotNames.ContentName(snapshot));
}
