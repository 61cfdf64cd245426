using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>What a VolumeGroupSnapshot asks for.</summary>
public sealed class VolumeGroupSnapshotSpec
{
    [JsonPropertyName("source")]
    public VolumeGroupSnapshotSource Source { get; set; } = new();

    [JsonPropertyName("volumeGroupSnapshotClassName")]
    public string? VolumeGroupSnapshotClassName { get; set; }
}
