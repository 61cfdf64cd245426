using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>VolumeSnapshotContents as the snapshot controller makes them.</summary>
internal static class SnapshotContents
{
    public static VolumeSnapshotContent For(VolumeSnapshot snapshot, VolumeSnapshotClass snapshotClass, V1PersistentVolume volume) => new()
    {
        Metadata = new V1ObjectMeta { Name = SnapshotNames.ContentName(snapshot) },
        Spec = new VolumeSnapshotContentSpec
        {
            DeletionPolicy = snapshotClass.DeletionPolicy,
            Driver = snapshotClass.Driver,
            Source = new VolumeSnapshotContentSource { VolumeHandle = volume.Spec.Csi.VolumeHandle },
            VolumeSnapshotClassName = snapshotClass.Metadata.Name,
            VolumeSnapshotRef = new V1ObjectReference
            {
                ApiVersion = snapshot.ApiVersion, Kind = snapshot.Kind, NamespaceProperty = snapshot.Metadata.NamespaceProperty, Name = snapshot.Metadata.Name,
                Uid = snapshot.Metadata.Uid, ResourceVersion = snapshot.Metadata.ResourceVersion,
            },
        },
    };
}
