using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>Where a VolumeSnapshot comes from: one of the two.</summary>
public sealed class VolumeSnapshotSource
{
    [JsonPropertyName("persistentVolumeClaimName")]
    public string? PersistentVolumeClaimName { get; set; }

    [JsonPropertyName("volumeSnapshotContentName")]
    public string? VolumeSnapshotContentName { get; set; }
}
