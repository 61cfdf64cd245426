using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>metav1.LabelSelector: all of its parts must match; an empty one matches everything.</summary>
public sealed record LabelSelector
{
    [Description("Labels that the object must have."), MaxLength(32), ItemLimits(MaxLength = 63, Pattern = Patterns.LabelValue)]
    public Dictionary<string, string>? MatchLabels { get; init; }

    [Description("Further conditions on the labels."), MaxLength(32)]
    public List<LabelSelectorRequirement>? MatchExpressions { get; init; }
}
