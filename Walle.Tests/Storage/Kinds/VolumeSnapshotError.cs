using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>The last error of a snapshot.</summary>
public sealed class VolumeSnapshotError
{
    [JsonPropertyName("time")]
    public DateTime? Time { get; set; }

    [JsonPropertyName("message")]
    public string? Message { get; set; }
}
