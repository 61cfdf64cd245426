using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>A snapshot in the storage system, as the external snapshotter's API has it.</summary>
[KubernetesEntity(Group = "snapshot.storage.k8s.io", ApiVersion = "v1", Kind = "VolumeSnapshotContent", PluralName = "volumesnapshotcontents")]
public sealed class VolumeSnapshotContent : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "snapshot.storage.k8s.io/v1";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "VolumeSnapshotContent";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public VolumeSnapshotContentSpec Spec { get; set; } = new();

    [JsonPropertyName("status")]
    public VolumeSnapshotContentStatus? Status { get; set; }
}
