using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Tests.Cluster;

namespace Walle.Tests.EndToEnd.Schedules;

/// <summary>Each sample schedule, and that of docs/schedules.md, is taken by the API server as it stands, with every field, and by the controller.</summary>
public sealed class SampleTests : ScheduleEndToEndTest
{
    private static readonly IReadOnlyList<string> Files =
        [.. Directory.GetFiles(RepositoryRoot.Combine("manifests", "samples", "schedules"), "*.yaml").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [TestCaseSource(nameof(Files))]
    public async Task Sample_IsAccepted(string file) => await IsAcceptedAsync(await File.ReadAllTextAsync(RepositoryRoot.Combine("manifests", "samples", "schedules", file)));

    [Test]
    public async Task ExampleOfThePage_IsAccepted()
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "schedules.md"));
        var begin = page.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        await IsAcceptedAsync(page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)]);
    }

    private async Task IsAcceptedAsync(string text)
    {
        var sample = JsonSerializer.SerializeToNode(KubernetesYaml.Deserialize<Dictionary<string, object>>(text))!;
        var name = sample["metadata"]!["name"]!.GetValue<string>();
        await Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(sample, ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupSchedulePlural);

        var status = await WaitForScheduleAsync(name, status => Condition(status, ConditionTypes.Accepted) is not null, "not looked at", Soon);
        Assert.That(Condition(status, ConditionTypes.Accepted)!.Status, Is.EqualTo("True"), Condition(status, ConditionTypes.Accepted)!.Message);
        var stored = JsonNode.Parse(((JsonElement)await Kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(
            ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupSchedulePlural, name)).GetProperty("spec").GetRawText())!;
        foreach (var (path, value) in Leaves(sample["spec"]!, "spec"))
            Assert.That(Leaves(stored, "spec"), Does.Contain((path, value)), "a field that the schema does not know is dropped");
    }

    private static IEnumerable<(string Path, string Value)> Leaves(JsonNode node, string path) => node switch
    {
        JsonObject parts => parts.SelectMany(part => Leaves(part.Value!, $"{path}.{part.Key}")),
        JsonArray items => items.SelectMany((item, index) => Leaves(item!, $"{path}[{index}]")),
        _ => [(path, node.ToString())],
    };
}
