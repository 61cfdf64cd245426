using System.ComponentModel;
using System.Text.Json.Serialization;
using Walle.Crds.Json;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>The PersistentVolumeClaim that a restore makes, decided before it is made.</summary>
public sealed record PlannedClaim
{
    [Description("StorageClass; none: the cluster's default."), MaxLength(253)]
    public string? StorageClassName { get; init; }

    [Description("Size."), MaxLength(32), Quantity]
    [JsonConverter(typeof(QuantityConverter))]
    public string? Size { get; init; }

    [Description("Access modes."), MaxLength(4), ItemLimits(MaxLength = 32)]
    public List<string>? AccessModes { get; init; }

    [Description("Labels of the claim that was backed up."), MaxLength(32), ItemLimits(MaxLength = 63)]
    public Dictionary<string, string>? Labels { get; init; }

    [Description("Bytes that the backup needs, as far as it recorded them.")]
    public long? BytesNeeded { get; init; }
}
