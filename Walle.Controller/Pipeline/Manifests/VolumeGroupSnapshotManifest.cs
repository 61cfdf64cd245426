using System.Text.Json.Nodes;
using k8s;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>The VolumeGroupSnapshot of a source with several volumes.</summary>
internal static class VolumeGroupSnapshotManifest
{
    public static JsonObject Build(BackupObservation observation, VolumeGroupSnapshotStatus group) => new()
    {
        ["apiVersion"] = $"groupsnapshot.storage.k8s.io/{group.Version}",
        ["kind"] = "VolumeGroupSnapshot",
        ["metadata"] = JsonNode.Parse(KubernetesJson.Serialize(OwnedMetadata.Build(observation, group.Name!))),
        ["spec"] = new JsonObject
        {
            ["volumeGroupSnapshotClassName"] = group.ClassName,
            ["source"] = new JsonObject { ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject(group.MatchLabels!.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))) } },
        },
    };
}
