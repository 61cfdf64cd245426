using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>How VolumeSnapshot and VolumeSnapshotContent find each other.</summary>
internal static class SnapshotNames
{
    public static string ContentName(VolumeSnapshot snapshot) =>
        GroupMembers.IsMember(snapshot) ? GroupMembers.ContentName(snapshot) : "snapcontent-" + snapshot.Metadata.Uid;

    public static string Key(VolumeSnapshot snapshot) => $"{snapshot.Metadata.NamespaceProperty}/{snapshot.Metadata.Name}";

    public static bool PointsTo(VolumeSnapshotContent content, VolumeSnapshot snapshot) =>
        content.Spec.VolumeSnapshotRef is { } reference && reference.Uid == snapshot.Metadata.Uid
        && reference.Name == snapshot.Metadata.Name && reference.NamespaceProperty == snapshot.Metadata.NamespaceProperty;

    public static bool IsMadeFrom(V1PersistentVolumeClaim claim, VolumeSnapshot snapshot) =>
        claim.Metadata.NamespaceProperty == snapshot.Metadata.NamespaceProperty
        && claim.Spec.DataSource is { Kind: "VolumeSnapshot", ApiGroup: "snapshot.storage.k8s.io" } source && source.Name == snapshot.Metadata.Name;

    public static bool HasFinalizer(V1ObjectMeta metadata, string finalizer) => metadata.Finalizers?.Contains(finalizer) == true;
}
