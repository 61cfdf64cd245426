using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>A snapshot of several PVCs as one, as the external snapshotter's API has it.</summary>
[KubernetesEntity(Group = "groupsnapshot.storage.k8s.io", ApiVersion = "v1", Kind = "VolumeGroupSnapshot", PluralName = "volumegroupsnapshots")]
public sealed class VolumeGroupSnapshot : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "groupsnapshot.storage.k8s.io/v1";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "VolumeGroupSnapshot";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public VolumeGroupSnapshotSpec Spec { get; set; } = new();

    [JsonPropertyName("status")]
    public VolumeGroupSnapshotState? Status { get; set; }
}
