using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>One object that a schedule's selectors match.</summary>
public sealed record SelectedSource
{
    [Description("Kind of the source."), Required, MaxLength(64)]
    public string Kind { get; init; } = "";

    [Description("Name of the source."), Required, MaxLength(253)]
    public string Name { get; init; } = "";

    [Description("PersistentVolumeClaims that are backed up; at most 64 of a source, and 512 in all."), MaxLength(64), ListMapKey("name")]
    public List<SelectedClaim>? Claims { get; init; }

    [Description("Why the source is left out, in one CamelCase word; empty when it is backed up."), MaxLength(64)]
    public string? Reason { get; init; }

    [Description("Why it is left out, and what to do about it."), MaxLength(1024)]
    public string? Message { get; init; }
}
