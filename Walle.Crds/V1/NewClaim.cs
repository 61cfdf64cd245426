using System.ComponentModel;
using System.Text.Json.Serialization;
using Walle.Crds.Json;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>The PersistentVolumeClaim that a restore makes. What is left out is taken from what the backup recorded.</summary>
public sealed record NewClaim
{
    [Description("StorageClass; default: that of the claim that was backed up."), MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string? StorageClassName { get; init; }

    [Description("Size; default: that of the claim that was backed up."), MinLength(1), MaxLength(32), Quantity, Pattern(Patterns.PositiveQuantity)]
    [JsonConverter(typeof(QuantityConverter))]
    public string? Size { get; init; }

    [Description("Access modes; default: those of the claim that was backed up."), MaxLength(4), ItemLimits(MaxLength = 32, Pattern = Patterns.AccessMode)]
    public List<string>? AccessModes { get; init; }
}
