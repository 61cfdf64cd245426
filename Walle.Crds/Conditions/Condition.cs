using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.Conditions;

/// <summary>metav1.Condition.</summary>
public sealed record Condition
{
    [Description("Type of the condition, in CamelCase."), Required, MaxLength(316)]
    public string Type { get; init; } = "";

    [Description("True, False or Unknown."), Required, AllowedValues("True", "False", "Unknown")]
    public string Status { get; init; } = ConditionStatus.Unknown;

    [Description("Generation of the spec that the condition was computed from.")]
    public long? ObservedGeneration { get; init; }

    [Description("When the status of the condition last changed."), Required]
    public DateTimeOffset LastTransitionTime { get; init; }

    [Description("Why, in one CamelCase word; the reference is in docs/reasons.md."), Required, MaxLength(1024)]
    public string Reason { get; init; } = "";

    [Description("Cause, and what to do about it."), Required, MaxLength(32768)]
    public string Message { get; init; } = "";
}
