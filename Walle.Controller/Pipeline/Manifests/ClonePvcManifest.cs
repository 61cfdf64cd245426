using k8s.Models;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>The temporary claim, restored from the snapshot.</summary>
internal static class ClonePvcManifest
{
    /// <summary>The size asked for; else the larger of the snapshot's and the source's, as a provisioner refuses less than restoreSize. Null when nobody knows.</summary>
    public static string? Size(BackupObservation observation) =>
        observation.Options.CloneVolume?.Size ?? Quantities.Larger(observation.Snapshot?.RestoreSize, Quantities.Larger(observation.Source?.RequestedSize, Accepted(observation)?.Size));

    public static V1PersistentVolumeClaim Build(BackupObservation observation, string snapshotName, string size) => new()
    {
        ApiVersion = "v1",
        Kind = "PersistentVolumeClaim",
        Metadata = OwnedMetadata.Build(observation, ResourceNames.Clone(observation.Uid, observation.Volume)),
        Spec = new V1PersistentVolumeClaimSpec
        {
            StorageClassName = observation.Options.CloneVolume?.StorageClassName ?? Accepted(observation)?.StorageClassName ?? observation.Source?.StorageClassName,
            AccessModes = observation.Options.CloneVolume?.AccessModes is { Count: > 0 } modes ? modes : ["ReadWriteOnce"],
            VolumeMode = "Filesystem",
            DataSource = new V1TypedLocalObjectReference { ApiGroup = "snapshot.storage.k8s.io", Kind = "VolumeSnapshot", Name = snapshotName },
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) } },
        },
    };

    /// <summary>What was noted of the source when it was accepted: after the cut the source itself may go.</summary>
    private static VolumeStatus? Accepted(BackupObservation observation) => observation.Job.Status?.Volumes?.FirstOrDefault();
}
