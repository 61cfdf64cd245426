using System.Text.Json.Serialization;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>Of which PVCs a VolumeGroupSnapshot is taken.</summary>
public sealed class VolumeGroupSnapshotSource
{
    [JsonPropertyName("selector")]
    public V1LabelSelector? Selector { get; set; }
}
