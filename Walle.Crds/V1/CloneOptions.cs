using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>The temporary PersistentVolumeClaim that is made from the snapshot.</summary>
public sealed record CloneOptions
{
    [Description("StorageClass; default: that of the source. It must belong to the same driver."), MinLength(1), MaxLength(253), RegularExpression(Patterns.DnsSubdomain)]
    public string? StorageClassName { get; init; }

    [Description("Access modes; default: ReadWriteOnce. ReadOnlyMany makes shallow clones with drivers that offer them."), MaxLength(4), ItemLimits(MaxLength = 32, Pattern = "^(ReadWriteOnce|ReadOnlyMany|ReadWriteMany|ReadWriteOncePod)$")]
    public List<string>? AccessModes { get; init; }

    [Description("Size; default: the larger of the snapshot's restoreSize and the source's request."), MaxLength(32), RegularExpression(Patterns.Quantity)]
    public string? Size { get; init; }
}
