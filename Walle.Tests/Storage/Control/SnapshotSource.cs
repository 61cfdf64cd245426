using System.Globalization;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>The VolumeSnapshot that a PVC is to be made from.</summary>
internal sealed class SnapshotSource(StorageObjects objects)
{
    /// <summary>Faults of the clone, its StorageClass, the VolumeSnapshot and the PVC that was snapshotted.</summary>
    public FaultSet FaultsOf(V1PersistentVolumeClaim claim, V1StorageClass storageClass)
    {
        var snapshot = objects.Snapshots.Get(claim.Metadata.NamespaceProperty, claim.Spec.DataSource?.Name);
        var source = objects.Claims.Get(claim.Metadata.NamespaceProperty, snapshot?.Spec.Source.PersistentVolumeClaimName);
        return FaultSet.Of(source, snapshot, storageClass, claim);
    }

    /// <summary>The snapshot's handle, or the reason why there is none, in external-provisioner's words and order.</summary>
    public string HandleFor(V1PersistentVolumeClaim claim, V1StorageClass storageClass, long requestedBytes)
    {
        var name = claim.Spec.DataSource.Name;
        ProvisioningException Refuse(string why) => new($"error getting handle for DataSource Type VolumeSnapshot by Name {name}: {why}");

        var snapshot = objects.Snapshots.Get(claim.Metadata.NamespaceProperty, name)
            ?? throw Refuse($"error getting snapshot {name} from api server: volumesnapshots.snapshot.storage.k8s.io \"{name}\" not found");
        if (snapshot.Metadata.DeletionTimestamp is not null)
            throw Refuse($"snapshot {name} is currently being deleted");
        var content = objects.Contents.Get(null, snapshot.Status?.BoundVolumeSnapshotContentName);
        if (content is null || content.Spec.VolumeSnapshotRef.Uid != snapshot.Metadata.Uid || content.Spec.Driver != storageClass.Provisioner)
            throw Refuse($"snapshot {name} not bound");
        if (snapshot.Status?.ReadyToUse != true)
            throw Refuse($"snapshot {name} is not Ready");
        if (content.Status?.SnapshotHandle is not { } handle)
            throw Refuse($"snapshot handle {name} is not available");
        var least = (long)new ResourceQuantity(snapshot.Status.RestoreSize ?? "0").ToDecimal();
        if (requestedBytes < least)
            throw Refuse(string.Create(CultureInfo.InvariantCulture, $"requested volume size {requestedBytes} is less than the size {least} for the source snapshot {name}"));
        return handle;
    }
}
