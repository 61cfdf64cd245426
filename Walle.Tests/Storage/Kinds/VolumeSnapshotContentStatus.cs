using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>What is known about a snapshot in the storage system.</summary>
public sealed class VolumeSnapshotContentStatus
{
    [JsonPropertyName("snapshotHandle")]
    public string? SnapshotHandle { get; set; }

    [JsonPropertyName("creationTime")]
    public long? CreationTime { get; set; }

    [JsonPropertyName("readyToUse")]
    public bool? ReadyToUse { get; set; }

    [JsonPropertyName("restoreSize")]
    public long? RestoreSize { get; set; }

    [JsonPropertyName("error")]
    public VolumeSnapshotError? Error { get; set; }
}
