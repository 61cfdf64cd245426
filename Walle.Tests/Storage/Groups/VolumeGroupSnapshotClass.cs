using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>How snapshots of several volumes of one driver are taken.</summary>
[KubernetesEntity(Group = "groupsnapshot.storage.k8s.io", ApiVersion = "v1", Kind = "VolumeGroupSnapshotClass", PluralName = "volumegroupsnapshotclasses")]
public sealed class VolumeGroupSnapshotClass : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "groupsnapshot.storage.k8s.io/v1";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "VolumeGroupSnapshotClass";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("driver")]
    public string Driver { get; set; } = "";

    [JsonPropertyName("deletionPolicy")]
    public string DeletionPolicy { get; set; } = "Delete";
}
