using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>The last check of a repository.</summary>
public sealed record CheckStatus
{
    [Description("The part of the data that was read, from 1.")]
    public int? Part { get; init; }

    [Description("How many parts there are (spec.check.readDataParts).")]
    public int? Of { get; init; }

    [Description("When it ended.")]
    public DateTimeOffset? FinishedAt { get; init; }

    [Description("How it ended: Succeeded, or the reason why not."), MaxLength(64)]
    public string? Result { get; init; }

    [Description("What went wrong, and what to do about it."), MaxLength(1024)]
    public string? Message { get; init; }
}
