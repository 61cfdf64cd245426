using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>Of which volume a snapshot is taken, or which one exists: one of the two.</summary>
public sealed class VolumeSnapshotContentSource
{
    [JsonPropertyName("volumeHandle")]
    public string? VolumeHandle { get; set; }

    [JsonPropertyName("snapshotHandle")]
    public string? SnapshotHandle { get; set; }
}
