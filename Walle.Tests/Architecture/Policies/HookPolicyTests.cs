using NUnit.Framework;
using Walle.Crds;
using Walle.Tests.Cluster;
using YamlDotNet.RepresentationModel;

namespace Walle.Tests.Architecture.Policies;

/// <summary>manifests/policies against the names in the code. What the expressions do: <see cref="PolicyEvaluationTests"/>.</summary>
internal sealed class HookPolicyTests
{
    private static readonly IReadOnlyList<YamlNode> Documents = Read();

    [Test]
    public void Every_policy_is_bound_and_denies()
    {
        var policies = OfKind("ValidatingAdmissionPolicy").Select(policy => Text(policy["metadata"]["name"])).ToList();
        Assert.That(policies, Has.Count.EqualTo(2));
        Assert.That(OfKind("ValidatingAdmissionPolicyBinding").Select(binding => Text(binding["spec"]["policyName"])), Is.EqualTo(policies));
        Assert.That(OfKind("ValidatingAdmissionPolicyBinding").Select(binding => Text(binding["spec"]["validationActions"][0])), Is.All.EqualTo("Deny"));
        Assert.That(OfKind("ValidatingAdmissionPolicy").Select(policy => Text(policy["spec"]["failurePolicy"])), Is.All.EqualTo("Fail"));
    }

    [Test]
    public void What_Walle_reads_annotations_of_is_covered() => Assert.That(
        OfKind("ValidatingAdmissionPolicy").SelectMany(policy => (YamlSequenceNode)policy["spec"]["matchConstraints"]["resourceRules"][0]["resources"]).Select(Text),
        Is.EquivalentTo(new[] { "pods", "deployments", "statefulsets", "daemonsets" }));

    [Test]
    public void Every_annotation_but_the_one_that_runs_nothing_is_covered()
    {
        var covered = HookAnnotation.All.Where(name => name.StartsWith("ros.io/", StringComparison.Ordinal) && name != "ros.io/backup").ToList();
        Assert.That(covered, Is.EquivalentTo(HookAnnotation.All.Except([HookAnnotation.Backup])));
        foreach (var policy in OfKind("ValidatingAdmissionPolicy"))
        {
            var rule = Text(((YamlSequenceNode)policy["spec"]["variables"]).Single(variable => Text(variable["name"]) == "changes")["expression"]);
            Assert.That(rule, Does.Contain("key.startsWith('ros.io/') && key != 'ros.io/backup'"));
        }
    }

    [Test]
    public void It_asks_for_the_right_that_the_leave_gives()
    {
        var role = File.ReadAllText(RepositoryRoot.Combine("manifests", "base", "hooks-role.yaml"));
        Assert.That(role, Does.Contain("resources: [pods/exec]"));
        foreach (var policy in OfKind("ValidatingAdmissionPolicy"))
            Assert.That(Text(policy["spec"]["validations"][0]["expression"]), Is.EqualTo("!variables.changes || authorizer.group('').resource('pods').subresource('exec').namespace(request.namespace).check('create').allowed()"));
    }

    private static IEnumerable<YamlNode> OfKind(string kind) => Documents.Where(document => Text(document["kind"]) == kind);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static List<YamlNode> Read()
    {
        var stream = new YamlStream();
        using var text = new StringReader(File.ReadAllText(RepositoryRoot.Combine("manifests", "policies", "hook-annotations.yaml")));
        stream.Load(text);
        return stream.Documents.Select(document => document.RootNode).ToList();
    }
}
