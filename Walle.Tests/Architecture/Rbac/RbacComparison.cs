namespace Walle.Tests.Architecture.Rbac;

/// <summary>What was asked for, compared with what is allowed. Pure.</summary>
/// <param name="Unused">Rights that nobody used: to be taken away, or else the test misses a case.</param>
/// <param name="Missing">Requests that no rule covers.</param>
internal sealed record RbacComparison(IReadOnlyList<RbacRule> Unused, IReadOnlyList<RbacRequest> Missing)
{
    private static readonly string[] NeverResources =
    [
        "secrets", "serviceaccounts", "serviceaccounts/token", "roles", "rolebindings", "clusterroles", "clusterrolebindings", "pods/exec", "pods/attach",
        "pods/portforward", "pods/log", "pods/ephemeralcontainers", "nodes", "nodes/proxy", "certificatesigningrequests", "mutatingwebhookconfigurations", "validatingwebhookconfigurations",
    ];

    private static readonly string[] NeverVerbs = ["escalate", "bind", "impersonate", "deletecollection"];

    /// <param name="neverAsked">Rights that are checked inside of another request, so that no audit event names them.</param>
    public static RbacComparison Of(IReadOnlyCollection<RbacRequest> requests, IReadOnlyList<RbacRule> rules, Func<RbacRule, bool>? neverAsked = null) => new(
        [.. rules.Where(rule => neverAsked?.Invoke(rule) != true && !requests.Any(rule.Covers))],
        [.. requests.Where(request => !rules.Any(rule => rule.Covers(request)))]);

    /// <summary>Rights by which the controller could reach what its users may not: it has no use for any of them.</summary>
    public static IReadOnlyList<RbacRule> Dangerous(IReadOnlyList<RbacRule> rules) =>
    [
        .. rules.Where(rule => rule.ApiGroup == "*" || rule.Resource.Contains('*', StringComparison.Ordinal) || rule.Verb == "*"
            || NeverResources.Contains(rule.Resource) || NeverVerbs.Contains(rule.Verb)
            || (rule.Resource == "pods" && rule.Verb is not ("get" or "list" or "watch"))),
    ];
}
