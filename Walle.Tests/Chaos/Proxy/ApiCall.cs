namespace Walle.Tests.Chaos.Proxy;

/// <summary>A request to the API server, as its authorizer names it.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete; <c>exec</c> for a command in a Pod.</param>
/// <param name="Resource">With its subresource: <c>backupjobs/status</c>. Empty for what is no resource (discovery, health).</param>
internal sealed record ApiCall(string Verb, string Resource, string? Namespace, string? Name)
{
    private const string Exec = "exec";

    /// <summary>What faults and records name: <c>patch backupjobs/status</c>.</summary>
    public string Kind => $"{Verb} {Resource}";

    public bool IsWatch => Verb == "watch";

    public bool IsMutating => Verb is "create" or "update" or "patch" or "delete";

    /// <summary>Changes the world outside of this process: a write, or a command in a Pod.</summary>
    public bool HasEffect => IsMutating || Verb == Exec;

    /// <param name="path">As sent: <c>/apis/ros.io/v1/namespaces/shop/backupjobs/first/status</c>.</param>
    /// <param name="query">With its question mark, or empty.</param>
    public static ApiCall Parse(string method, string path, string query)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var rest = parts switch
        {
            ["api", _, .. var core] => core,
            ["apis", _, _, .. var group] => group,
            _ => [],
        };
        string? ns = null;
        if (rest is ["namespaces", var name, _, ..])
            (ns, rest) = (name, rest[2..]);
        return rest switch
        {
            [] => new ApiCall(VerbOf(method, named: true, isWatch: false), "", null, null),
            ["pods", var pod, Exec, ..] => new ApiCall(Exec, "pods", ns, pod),
            [var resource] => new ApiCall(VerbOf(method, named: false, IsWatchQuery(query)), resource, ns, null),
            [var resource, var named] => new ApiCall(VerbOf(method, named: true, IsWatchQuery(query)), resource, ns, named),
            [var resource, var named, .. var subresource] => new ApiCall(VerbOf(method, named: true, isWatch: false), $"{resource}/{string.Join('/', subresource)}", ns, named),
        };
    }

    private static bool IsWatchQuery(string query) => query.Contains("watch=true", StringComparison.OrdinalIgnoreCase) || query.Contains("watch=1", StringComparison.Ordinal);

    private static string VerbOf(string method, bool named, bool isWatch) => method switch
    {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ when isWatch => "watch",
        _ => named ? "get" : "list",
    };
}
