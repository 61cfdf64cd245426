using k8s.Models;

namespace Walle.Controller.Reconcilers.Hooks;

/// <summary>A label selector as the API takes it in a query.</summary>
internal static class LabelSelectorText
{
    public static string Of(V1LabelSelector selector) => string.Join(',', [
        .. (selector.MatchLabels ?? new Dictionary<string, string>()).Select(pair => $"{pair.Key}={pair.Value}"),
        .. (selector.MatchExpressions ?? []).Select(Expression),
    ]);

    private static string Expression(V1LabelSelectorRequirement requirement) => requirement.OperatorProperty switch
    {
        "In" => $"{requirement.Key} in ({string.Join(',', requirement.Values)})",
        "NotIn" => $"{requirement.Key} notin ({string.Join(',', requirement.Values)})",
        "Exists" => requirement.Key,
        _ => $"!{requirement.Key}",
    };
}
