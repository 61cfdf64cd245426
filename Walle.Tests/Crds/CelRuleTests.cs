using System.Text.Json.Nodes;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Schema;
using Walle.Tests.Architecture.Policies;

namespace Walle.Tests.Crds;

/// <summary>The CEL rules of manifests/crds/cel, evaluated: the same objects as those that SpecValidatorTests gives to the validator.</summary>
internal sealed class CelRuleTests
{
    [Test]
    public async Task Object_that_breaks_a_rule_is_refused_with_its_message()
    {
        var broken = BrokenRules.InCel.Concat(BrokenRules.InSchema).Where(IsRuleOfCel).ToList();
        Assert.That(broken, Has.Count.GreaterThanOrEqualTo(20));
        var messages = await EvaluateAsync([.. broken.Select(item => (item.Kind, item.Object, (JsonObject?)null))]);
        Assert.Multiple(() =>
        {
            foreach (var (item, said) in broken.Zip(messages))
                Assert.That(said, Has.Some.Contains(item.Rule), $"{item} in {item.Object.ToJsonString()}");
        });
    }

    [Test]
    public async Task Sample_breaks_none() =>
        Assert.That(await EvaluateAsync([.. Samples.All.Select(sample => (sample.Kind, sample.Object, (JsonObject?)null))]), Is.All.Empty);

    [TestCase(ApiGroup.BackupJobKind, "spec.source.name")]
    [TestCase(ApiGroup.BackupJobKind, "spec.options.compression")]
    [TestCase(ApiGroup.RestoreJobKind, "spec.target.claimName")]
    public async Task Spec_is_immutable_and_the_rest_is_not(string kindName, string field)
    {
        var kind = Samples.Kind(kindName);
        var stored = Samples.Smallest(kind);
        var changed = stored.With(field, field.EndsWith("compression", StringComparison.Ordinal) ? "max" : "another");
        var labelled = stored.With("metadata.labels", new JsonObject { ["a"] = "b" });
        var messages = await EvaluateAsync([(kind, changed, stored), (kind, labelled, stored)]);
        Assert.That(messages[0], Has.Some.Contains($"spec is immutable; create a new {kindName} instead"));
        Assert.That(messages[1], Is.Empty);
    }

    /// <summary>Some of the rules are only in the JSON schema.</summary>
    private static bool IsRuleOfCel(BrokenObject broken) =>
        CustomResourceDefinitions.Build(broken.Kind, withCel: true).ToJsonString().Contains(JsonValue.Create(broken.Rule).ToJsonString().Trim('"'), StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string[]>> EvaluateAsync(IReadOnlyList<(Type Kind, JsonObject Object, JsonObject? Old)> items)
    {
        var input = new JsonArray([.. items.Select(item => (JsonNode)new JsonObject
        {
            ["schema"] = CustomResourceDefinitions.Build(item.Kind, withCel: true)["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.DeepClone(),
            ["object"] = item.Object.DeepClone(),
            ["oldObject"] = item.Old?.DeepClone(),
        })]);
        return [.. (await CelProgram.RunAsync("rules.mjs", input)).Select(messages => messages!.AsArray().Select(message => message!.GetValue<string>()).ToArray())];
    }
}
