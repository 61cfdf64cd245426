namespace Walle.Tests.Architecture.Rbac;

/// <summary>One verb on one resource that a Role (with a namespace) or a ClusterRole (without) allows.</summary>
internal sealed record RbacRule(string Role, string? Namespace, string ApiGroup, string Resource, string Verb)
{
    public bool Covers(RbacRequest request) =>
        Is(ApiGroup, request.ApiGroup) && Is(Resource, request.Resource) && Is(Verb, request.Verb) && (Namespace is null || Namespace == request.Namespace);

    public override string ToString() => $"{Role}: {Verb} {Resource}{(ApiGroup.Length == 0 ? "" : "." + ApiGroup)}";

    private static bool Is(string allowed, string asked) => allowed == "*" || allowed == asked;
}
