using System.Text.Json.Nodes;
using k8s;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>The VolumeSnapshot of the source.</summary>
internal static class VolumeSnapshotManifest
{
    public static JsonObject Build(BackupObservation observation, VolumeStatus volume) => new()
    {
        ["apiVersion"] = "snapshot.storage.k8s.io/v1",
        ["kind"] = "VolumeSnapshot",
        ["metadata"] = JsonNode.Parse(KubernetesJson.Serialize(OwnedMetadata.Build(observation, volume.VolumeSnapshotName!))),
        ["spec"] = new JsonObject
        {
            ["volumeSnapshotClassName"] = volume.VolumeSnapshotClassName,
            ["source"] = new JsonObject { ["persistentVolumeClaimName"] = volume.ClaimName },
        },
    };
}
