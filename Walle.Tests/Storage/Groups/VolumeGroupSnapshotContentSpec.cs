using System.Text.Json.Serialization;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>Which group snapshot a VolumeGroupSnapshotContent stands for.</summary>
public sealed class VolumeGroupSnapshotContentSpec
{
    [JsonPropertyName("deletionPolicy")]
    public string DeletionPolicy { get; set; } = "";

    [JsonPropertyName("driver")]
    public string Driver { get; set; } = "";

    [JsonPropertyName("source")]
    public VolumeGroupSnapshotContentSource Source { get; set; } = new();

    [JsonPropertyName("volumeGroupSnapshotClassName")]
    public string? VolumeGroupSnapshotClassName { get; set; }

    [JsonPropertyName("volumeGroupSnapshotRef")]
    public V1ObjectReference VolumeGroupSnapshotRef { get; set; } = new();
}
