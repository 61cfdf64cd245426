using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Selection;

/// <summary>
/// Whether a claim can be backed up, as far as it can be told beforehand and without reading its volume; a BackupJob looks again. Null: it can.
/// </summary>
internal static class ClaimFitness
{
    public static (Reason Reason, string Message)? Problem(ClaimProjection claim, BackupOptions? options, StorageFacts storage)
    {
        var name = claim.Name.Name;
        if (claim.OptedOut)
        {
            return (Reason.OptedOut, "it has the annotation ros.io/backup: \"false\"");
        }

        if (claim.Deleting)
        {
            return (Reason.SourceGone, "it is being deleted");
        }

        if (claim.VolumeMode == "Block")
        {
            return (Reason.UnsupportedVolumeMode, "it has volumeMode Block; Walle backs up file systems (volumeMode Filesystem)");
        }

        if (claim.Phase != "Bound")
        {
            return (Reason.SourceNotBound, $"it is {claim.Phase ?? "Pending"}, not Bound; see why with: kubectl -n {claim.Name.Namespace} describe pvc {name}");
        }

        if (storage.SnapshotClasses is null)
        {
            return (Reason.SnapshotApiMissing, "the cluster has no snapshot.storage.k8s.io/v1 API; install the CRDs and the controller of kubernetes-csi/external-snapshotter");
        }

        // Without a class that is known the volume itself has to say whose it is: the BackupJob reads it.
        return claim.StorageClassName is { } className && storage.Provisioners.TryGetValue(className, out var driver)
            && SnapshotClassChoice.Choose(storage.SnapshotClasses, driver, options?.VolumeSnapshotClassName).Problem is { } problem
                ? (Reason.SnapshotClassMissing, $"StorageClass {className} cannot be snapshotted: {problem}")
                : null;
    }
}
