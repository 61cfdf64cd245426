using System.Text.Json.Serialization;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>Which snapshot a VolumeSnapshotContent stands for.</summary>
public sealed class VolumeSnapshotContentSpec
{
    [JsonPropertyName("deletionPolicy")]
    public string DeletionPolicy { get; set; } = "";

    [JsonPropertyName("driver")]
    public string Driver { get; set; } = "";

    [JsonPropertyName("source")]
    public VolumeSnapshotContentSource Source { get; set; } = new();

    [JsonPropertyName("volumeSnapshotClassName")]
    public string? VolumeSnapshotClassName { get; set; }

    [JsonPropertyName("volumeSnapshotRef")]
    public V1ObjectReference VolumeSnapshotRef { get; set; } = new();
}
