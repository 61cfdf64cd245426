using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.Architecture.Policies;

/// <summary>
/// Runs what manifests/policies says: the servers of the tests are older than ValidatingAdmissionPolicies. An authorizer that knows a list of rights stands
/// for the API server's.
/// </summary>
internal static class AdmissionPolicies
{
    /// <summary>The message with which the first policy refuses; null: it is let in.</summary>
    /// <param name="rights">Of the user: <c>get secrets shop</c>, or <c>get secrets shop repository</c>.</param>
    public static async Task<string?> RefusalAsync(string file, string user, JsonNode? @object, JsonNode? oldObject = null, string ns = "shop", params IReadOnlyList<string> rights)
    {
        var input = new JsonArray([.. Policies(file, (@object ?? oldObject)!, @object is null ? "DELETE" : oldObject is null ? "CREATE" : "UPDATE").Select(policy => (JsonNode)new JsonObject
        {
            ["policy"] = policy, ["object"] = @object?.DeepClone(), ["oldObject"] = oldObject?.DeepClone(), ["rights"] = new JsonArray([.. rights.Select(right => (JsonNode)right)]),
            ["request"] = new JsonObject { ["namespace"] = ns, ["userInfo"] = new JsonObject { ["username"] = user } },
        })]);
        Assert.That(input, Is.Not.Empty, "no policy is for such an object");
        var verdicts = await CelProgram.RunAsync("policies.mjs", input);
        return verdicts.FirstOrDefault(verdict => verdict is not null)?.GetValue<string>();
    }

    /// <summary>Those whose rules name the object's kind, and what is done to it.</summary>
    private static IEnumerable<JsonNode> Policies(string file, JsonNode about, string operation) =>
        File.ReadAllText(RepositoryRoot.Combine("manifests", "policies", file)).Split("\n---\n")
            .Where(document => document.Contains("kind: ValidatingAdmissionPolicy\n", StringComparison.Ordinal))
            .Select(document => KubernetesYaml.Deserialize<V1ValidatingAdmissionPolicy>(document))
            .Where(policy => policy.Spec.MatchConstraints.ResourceRules.Any(rule => rule.Operations.Contains(operation) && rule.Resources.Contains($"{about["kind"]!.GetValue<string>().ToLowerInvariant()}s")))
            .Select(policy => JsonNode.Parse(KubernetesJson.Serialize(policy.Spec))!);
}
