using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>What a VolumeSnapshot asks for.</summary>
public sealed class VolumeSnapshotSpec
{
    [JsonPropertyName("source")]
    public VolumeSnapshotSource Source { get; set; } = new();

    [JsonPropertyName("volumeSnapshotClassName")]
    public string? VolumeSnapshotClassName { get; set; }
}
