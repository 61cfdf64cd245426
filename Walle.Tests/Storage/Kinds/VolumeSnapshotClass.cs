using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>How snapshots of one driver are taken.</summary>
[KubernetesEntity(Group = "snapshot.storage.k8s.io", ApiVersion = "v1", Kind = "VolumeSnapshotClass", PluralName = "volumesnapshotclasses")]
public sealed class VolumeSnapshotClass : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "snapshot.storage.k8s.io/v1";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "VolumeSnapshotClass";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("driver")]
    public string Driver { get; set; } = "";

    [JsonPropertyName("deletionPolicy")]
    public string DeletionPolicy { get; set; } = "";

    [JsonPropertyName("parameters")]
    public IDictionary<string, string>? Parameters { get; set; }
}
