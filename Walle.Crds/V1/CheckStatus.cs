using System.ComponentModel;

namespace Walle.Crds.V1;

/// <summary>The last check of a repository.</summary>
public sealed record CheckStatus : MaintenanceStatus
{
    [Description("The part of the data that was read, from 1. A part that was not read to its end, or that is damaged, is read again by the next check.")]
    public int? Part { get; init; }

    [Description("How many parts there are (spec.check.readDataParts).")]
    public int? Of { get; init; }
}
