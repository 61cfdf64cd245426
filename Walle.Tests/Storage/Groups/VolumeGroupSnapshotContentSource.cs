using System.Text.Json.Serialization;

namespace Walle.Tests.Storage;

/// <summary>Of which volumes a group snapshot is taken.</summary>
public sealed class VolumeGroupSnapshotContentSource
{
    [JsonPropertyName("volumeHandles")]
    public IList<string> VolumeHandles { get; set; } = [];
}
