using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>What is known about a VolumeGroupSnapshot.</summary>
public sealed class VolumeGroupSnapshotState
{
    [JsonPropertyName("boundVolumeGroupSnapshotContentName")]
    public string? BoundVolumeGroupSnapshotContentName { get; set; }

    [JsonPropertyName("creationTime")]
    public DateTime? CreationTime { get; set; }

    [JsonPropertyName("readyToUse")]
    public bool? ReadyToUse { get; set; }

    [JsonPropertyName("error")]
    public VolumeSnapshotError? Error { get; set; }
}
