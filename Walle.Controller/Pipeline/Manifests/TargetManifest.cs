using k8s.Models;
using Walle.Controller.Pipeline.Restore;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>The claim that a restore makes. Without owner and without Walle's labels: it is the user's, and nothing of Walle's cleaning may ever take it.</summary>
internal static class TargetManifest
{
    public static V1PersistentVolumeClaim Build(RestoreObservation observation, PlannedClaim claim, string? snapshotId) => new()
    {
        ApiVersion = "v1",
        Kind = "PersistentVolumeClaim",
        Metadata = new V1ObjectMeta
        {
            Name = observation.TargetName,
            NamespaceProperty = observation.Namespace,
            Labels = claim.Labels,
            Annotations = new Dictionary<string, string>
            {
                [WellKnown.RestoreUidAnnotation] = observation.Uid,
                [WellKnown.RestoredFromAnnotation] = snapshotId ?? "",
            },
        },
        Spec = new V1PersistentVolumeClaimSpec
        {
            StorageClassName = claim.StorageClassName,
            AccessModes = claim.AccessModes,
            VolumeMode = "Filesystem",
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(claim.Size) } },
        },
    };
}
