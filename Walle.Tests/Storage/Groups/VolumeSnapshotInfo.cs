using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>One snapshot of a group, as the driver answered.</summary>
public sealed class VolumeSnapshotInfo
{
    [JsonPropertyName("volumeHandle")]
    public string VolumeHandle { get; set; } = "";

    [JsonPropertyName("snapshotHandle")]
    public string SnapshotHandle { get; set; } = "";

    [JsonPropertyName("creationTime")]
    public long CreationTime { get; set; }

    [JsonPropertyName("readyToUse")]
    public bool ReadyToUse { get; set; }

    [JsonPropertyName("restoreSize")]
    public long RestoreSize { get; set; }
}
