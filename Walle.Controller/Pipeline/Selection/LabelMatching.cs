using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Selection;

/// <summary>metav1.LabelSelector as Kubernetes matches it: NotIn and DoesNotExist hold for an object without the label.</summary>
internal static class LabelMatching
{
    public static bool Matches(this LabelSelector? selector, IReadOnlyList<KeyValuePair<string, string>> labels) =>
        selector is null
        || ((selector.MatchLabels ?? []).All(wanted => ValueOf(labels, wanted.Key) == wanted.Value) && (selector.MatchExpressions ?? []).TrueForAll(requirement => Matches(requirement, labels)));

    private static bool Matches(LabelSelectorRequirement requirement, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        var value = ValueOf(labels, requirement.Key);
        return requirement.Operator switch
        {
            LabelOperator.In => value is not null && requirement.Values?.Contains(value) == true,
            LabelOperator.NotIn => value is null || requirement.Values?.Contains(value) != true,
            LabelOperator.Exists => value is not null,
            LabelOperator.DoesNotExist => value is null,
            _ => false,
        };
    }

    private static string? ValueOf(IReadOnlyList<KeyValuePair<string, string>> labels, string key)
    {
        foreach (var label in labels)
        {
            if (label.Key == key)
            {
                return label.Value;
            }
        }

        return null;
    }
}
