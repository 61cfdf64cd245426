using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>A group snapshot in the storage system, as the external snapshotter's API has it.</summary>
[KubernetesEntity(Group = "groupsnapshot.storage.k8s.io", ApiVersion = "v1", Kind = "VolumeGroupSnapshotContent", PluralName = "volumegroupsnapshotcontents")]
public sealed class VolumeGroupSnapshotContent : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "groupsnapshot.storage.k8s.io/v1";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "VolumeGroupSnapshotContent";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public VolumeGroupSnapshotContentSpec Spec { get; set; } = new();

    [JsonPropertyName("status")]
    public VolumeGroupSnapshotContentState? Status { get; set; }
}
