using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>metav1.LabelSelectorRequirement.</summary>
[CelRule(
    "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
    "values is needed with In and NotIn, and has no meaning with Exists and DoesNotExist",
    nameof(ValuesFitOperator),
    Schema = """
        {"anyOf": [
          {"required": ["values"], "properties": {"operator": {"enum": ["In", "NotIn"]}, "values": {"minItems": 1}}},
          {"properties": {"operator": {"enum": ["Exists", "DoesNotExist"]}, "values": {"maxItems": 0}}}
        ]}
        """)]
public sealed record LabelSelectorRequirement
{
    [Description("Key of the label."), Required, MinLength(1), MaxLength(317), Pattern(Patterns.LabelKey)]
    public string Key { get; init => field = value ?? ""; } = "";

    [Description("How the label compares with values."), Required, AllowedValues(LabelOperator.In, LabelOperator.NotIn, LabelOperator.Exists, LabelOperator.DoesNotExist)]
    public string Operator { get; init => field = value ?? ""; } = "";

    [Description("Values to compare with; for In and NotIn only."), MaxLength(32), ItemLimits(MaxLength = 63, Pattern = Patterns.LabelValue)]
    public List<string>? Values { get; init; }

    internal bool ValuesFitOperator => (Operator is LabelOperator.In or LabelOperator.NotIn) == Values is { Count: > 0 };
}
