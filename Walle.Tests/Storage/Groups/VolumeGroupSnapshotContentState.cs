using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>What is known about a group snapshot in the storage system.</summary>
public sealed class VolumeGroupSnapshotContentState
{
    [JsonPropertyName("volumeGroupSnapshotHandle")]
    public string? VolumeGroupSnapshotHandle { get; set; }

    [JsonPropertyName("creationTime")]
    public DateTime? CreationTime { get; set; }

    [JsonPropertyName("readyToUse")]
    public bool? ReadyToUse { get; set; }

    [JsonPropertyName("volumeSnapshotInfoList")]
    public IList<VolumeSnapshotInfo>? VolumeSnapshotInfoList { get; set; }
}
