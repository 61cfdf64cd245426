using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.Architecture.Policies;

/// <summary>
/// Runs what manifests/policies says. The servers of the tests are older than ValidatingAdmissionPolicies and no library for .NET knows their language, so a
/// small program for Node.js does it; an authorizer that knows a list of rights stands for the API server's.
/// </summary>
internal static class AdmissionPolicies
{
    /// <summary>What the evaluator asks for.</summary>
    private const int OldestNode = 20;

    private static readonly string Folder = RepositoryRoot.Combine("Walle.Tests", "Architecture", "Policies");
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>The message with which the first policy refuses; null: it is let in.</summary>
    /// <param name="rights">Of the user: <c>get secrets shop</c>, or <c>get secrets shop repository</c>.</param>
    public static async Task<string?> RefusalAsync(string file, string user, JsonNode? @object, JsonNode? oldObject = null, string ns = "shop", params IReadOnlyList<string> rights)
    {
        if (await NodeVersionAsync() < OldestNode)
            Assert.Ignore($"needs Node.js {OldestNode} or newer");
        await Installed.Value;
        var input = new JsonArray([.. Policies(file, (@object ?? oldObject)!, @object is null ? "DELETE" : oldObject is null ? "CREATE" : "UPDATE").Select(policy => (JsonNode)new JsonObject
        {
            ["policy"] = policy, ["object"] = @object?.DeepClone(), ["oldObject"] = oldObject?.DeepClone(), ["rights"] = new JsonArray([.. rights.Select(right => (JsonNode)right)]),
            ["request"] = new JsonObject { ["namespace"] = ns, ["userInfo"] = new JsonObject { ["username"] = user } },
        })]);
        Assert.That(input, Is.Not.Empty, "no policy is for such an object");
        var verdicts = JsonNode.Parse(await NodeAsync(input.ToJsonString()))!.AsArray();
        return verdicts.FirstOrDefault(verdict => verdict is not null)?.GetValue<string>();
    }

    /// <summary>Those whose rules name the object's kind, and what is done to it.</summary>
    private static IEnumerable<JsonNode> Policies(string file, JsonNode about, string operation) =>
        File.ReadAllText(RepositoryRoot.Combine("manifests", "policies", file)).Split("\n---\n")
            .Where(document => document.Contains("kind: ValidatingAdmissionPolicy\n", StringComparison.Ordinal))
            .Select(document => KubernetesYaml.Deserialize<V1ValidatingAdmissionPolicy>(document))
            .Where(policy => policy.Spec.MatchConstraints.ResourceRules.Any(rule => rule.Operations.Contains(operation) && rule.Resources.Contains($"{about["kind"]!.GetValue<string>().ToLowerInvariant()}s")))
            .Select(policy => JsonNode.Parse(KubernetesJson.Serialize(policy.Spec))!);

    /// <summary>0: there is none.</summary>
    private static async Task<int> NodeVersionAsync() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "node")))
            ? int.Parse((await HostCommand.RunAsync("node", ["--version"])).TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture)
            : 0;

    private static async Task<string> NodeAsync(string input)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "evaluate.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await error);
        return output;
    }

    private static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            await HostCommand.RunAsync("npm", ["ci", "--prefix", Folder, "--no-audit", "--no-fund"]);
    }
}
