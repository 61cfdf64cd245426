using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>What is known about a VolumeSnapshot.</summary>
public sealed class VolumeSnapshotStatus
{
    [JsonPropertyName("boundVolumeSnapshotContentName")]
    public string? BoundVolumeSnapshotContentName { get; set; }

    [JsonPropertyName("creationTime")]
    public DateTime? CreationTime { get; set; }

    [JsonPropertyName("readyToUse")]
    public bool? ReadyToUse { get; set; }

    [JsonPropertyName("restoreSize")]
    public string? RestoreSize { get; set; }

    [JsonPropertyName("error")]
    public VolumeSnapshotError? Error { get; set; }
}
