using System.ComponentModel;
using System.Text.Json.Serialization;
using Walle.Crds.Json;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>The temporary PersistentVolumeClaim that is made from the snapshot.</summary>
public sealed record CloneOptions
{
    [Description("StorageClass; default: that of the source. It must belong to the same driver."), MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string? StorageClassName { get; init; }

    [Description("Access modes; default: ReadWriteOnce. ReadOnlyMany makes shallow clones with drivers that offer them."), MaxLength(4), ItemLimits(MaxLength = 32, Pattern = Patterns.AccessMode)]
    public List<string>? AccessModes { get; init; }

    [Description("Size; default: the larger of the snapshot's restoreSize and the source's request."), MaxLength(32), Quantity, Pattern(Patterns.PositiveQuantity)]
    [JsonConverter(typeof(QuantityConverter))]
    public string? Size { get; init; }
}
