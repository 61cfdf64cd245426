using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.Architecture.Rbac;

internal sealed class RbacComparisonTests
{
    private const string Controller = "system:serviceaccount:walle-system:walle-controller";

    private const string Roles = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: walle}
        rules:
        - {apiGroups: [""], resources: [persistentvolumeclaims, pods], verbs: [list, watch]}
        - {apiGroups: [ros.io], resources: [backupjobs/status], verbs: [patch]}
        ---
        kind: Role
        metadata: {name: leases, namespace: walle-system}
        rules:
        - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get]}
        ---
        kind: Service
        metadata: {name: other}
        """;

    private static readonly string Log = string.Join('\n',
        Event(Controller, "list", "persistentvolumeclaims"),
        Event(Controller, "list", "persistentvolumeclaims", @namespace: "shop"),
        Event(Controller, "watch", "persistentvolumeclaims"),
        Event(Controller, "list", "pods"),
        Event(Controller, "watch", "pods"),
        Event(Controller, "patch", "backupjobs", "ros.io", "shop", "status"),
        Event(Controller, "get", "leases", "coordination.k8s.io", "walle-system"),
        Event("system:admin", "delete", "secrets", @namespace: "shop"),
        $$"""{"kind":"Event","user":{"username":"{{Controller}}"},"verb":"get","requestURI":"/version"}""",
        """{"kind":"Event","user":{"usern""");

    private static IReadOnlySet<RbacRequest> Requests => AuditLog.Requests(Log, Controller);

    [Test]
    public void Of_AllUsedAndAllAllowed_IsEmpty()
    {
        var comparison = RbacComparison.Of(Requests, RbacRules.Parse(Roles));
        Assert.That((comparison.Unused.Count, comparison.Missing.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Of_RightThatNobodyUsed_IsUnused()
    {
        var rules = RbacRules.Parse(Roles.Replace("verbs: [patch]", "verbs: [patch, update]", StringComparison.Ordinal));
        Assert.That(RbacComparison.Of(Requests, rules).Unused.Select(rule => $"{rule}"), Is.EqualTo(new[] { "ClusterRole walle: update backupjobs/status.ros.io" }));
        Assert.That(RbacComparison.Of(Requests, rules, neverAsked: rule => rule.Verb == "update").Unused, Is.Empty);
    }

    [TestCase("ros.io", "backupjobs", "patch", "shop", TestName = "a status right is no right on the object")]
    [TestCase("ros.io", "backupjobs/status", "update", "shop", TestName = "another verb")]
    [TestCase("batch", "pods", "list", "shop", TestName = "another group")]
    [TestCase("coordination.k8s.io", "leases", "get", "shop", TestName = "a Role holds in its namespace only")]
    public void Of_RequestThatNoRuleCovers_IsMissing(string apiGroup, string resource, string verb, string @namespace)
    {
        var request = new RbacRequest(apiGroup, resource, verb, @namespace);
        Assert.That(RbacComparison.Of([request], RbacRules.Parse(Roles)).Missing, Is.EqualTo(new[] { request }));
    }

    [Test]
    public void Requests_OfOthers_AreNotCounted()
    {
        Assert.That(Requests.Select(request => request.Resource), Does.Not.Contain("secrets"));
        Assert.That(AuditLog.Requests(Log, "system:admin"), Has.Count.EqualTo(1));
    }

    /// <summary>kubectl --as: the audit event names both, and the rights are those of the second.</summary>
    [Test]
    public void Requests_InAnothersName_CountForThatOne()
    {
        var impersonated = Event("system:admin", "list", "pods")[..^1] + $$$""","impersonatedUser":{"username":"{{{Controller}}}"}}""";
        Assert.That(AuditLog.Requests(impersonated, Controller), Has.Count.EqualTo(1));
        Assert.That(AuditLog.Requests(impersonated, "system:admin"), Is.Empty);
    }

    [TestCase("\"\"", "secrets", "get")]
    [TestCase("\"\"", "serviceaccounts/token", "create")]
    [TestCase("rbac.authorization.k8s.io", "clusterrolebindings", "list")]
    [TestCase("\"\"", "pods", "create")]
    [TestCase("\"\"", "pods/exec", "get")]
    [TestCase("batch", "jobs", "'*'")]
    [TestCase("'*'", "jobs", "get")]
    [TestCase("batch", "'*/status'", "get")]
    [TestCase("batch", "jobs", "deletecollection")]
    public void Dangerous_Right_IsFound(string apiGroup, string resource, string verb) => Assert.That(
        RbacComparison.Dangerous(RbacRules.Parse($"kind: ClusterRole\nmetadata: {{name: x}}\nrules:\n- apiGroups: [{apiGroup}]\n  resources: [{resource}]\n  verbs: [{verb}]")),
        Has.Count.EqualTo(1));

    [Test]
    public void Manifests_GiveNoDangerousRight()
    {
        var rules = RbacRules.Parse(File.ReadAllText(RepositoryRoot.Combine("manifests", "base", "rbac.yaml")));
        Assert.That(rules, Has.Count.GreaterThan(20), "the roles were not read");
        Assert.That(RbacComparison.Dangerous(rules), Is.Empty);
        Assert.That(rules.GroupBy(rule => rule).Where(group => group.Count() > 1), Is.Empty, "no right is given twice");
    }

    private static string Event(string user, string verb, string resource, string apiGroup = "", string? @namespace = null, string? subresource = null)
    {
        var optional = (apiGroup.Length == 0 ? "" : $",\"apiGroup\":\"{apiGroup}\"") + (@namespace is null ? "" : $",\"namespace\":\"{@namespace}\"") + (subresource is null ? "" : $",\"subresource\":\"{subresource}\"");
        return $$$"""{"kind":"Event","stage":"ResponseComplete","user":{"username":"{{{user}}}"},"verb":"{{{verb}}}","objectRef":{"resource":"{{{resource}}}"{{{optional}}}}}""";
    }
}
