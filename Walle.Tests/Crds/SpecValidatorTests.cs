using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Json;
using Walle.Crds.V1;
using Walle.Crds.Validation;

namespace Walle.Tests.Crds;

/// <summary>The validator refuses what the schema and its CEL rules refuse; the same objects go to the real API server in ApiServerTests.</summary>
[TestFixture]
public sealed class SpecValidatorTests
{
    [TestCaseSource(typeof(BrokenObjects), nameof(BrokenObjects.All))]
    public void Limit_broken_names_the_field(object broken) => AssertRefused((BrokenObject)broken, out _);

    [TestCaseSource(typeof(SpelledValues), nameof(SpelledValues.Wrong))]
    public void Value_wrong_names_the_field(object broken) => AssertRefused((BrokenObject)broken, out _);

    [TestCaseSource(typeof(SpelledValues), nameof(SpelledValues.Right))]
    public void Value_right_is_accepted(object right) => Assert.That(Validate(((BrokenObject)right).Kind, ((BrokenObject)right).Object), Is.Empty);

    [TestCaseSource(typeof(BrokenRules), nameof(BrokenRules.InSchema))]
    [TestCaseSource(typeof(BrokenRules), nameof(BrokenRules.InCel))]
    public void Rule_broken_says_the_same_as_the_server(object broken)
    {
        AssertRefused((BrokenObject)broken, out var problems);
        Assert.That(problems, Has.Exactly(1).Contains(((BrokenObject)broken).Rule));
    }

    [Test]
    public void Samples_are_accepted()
    {
        foreach (var (kind, sample) in Samples.All)
            Assert.That(Validate(kind, sample), Is.Empty, sample["metadata"]!["name"]!.ToString());
    }

    [TestCase("10Gx", "spec.options.clone.size: \"10Gx\" is not a quantity above zero; write for example 10Gi")]
    [TestCase("\u001b[2J", "spec.options.clone.size: \"\\u001B[2J\" is not a quantity above zero; write for example 10Gi")]
    public void Message_names_field_value_and_fix(string size, string expected) =>
        Assert.That(SpecValidator.Validate(Job(options: new() { CloneVolume = new() { Size = size } })), Is.EqualTo(new[] { expected }));

    [Test]
    public void Message_lists_the_allowed_values() =>
        Assert.That(SpecValidator.Validate(Job(options: new() { Compression = "zip" })), Is.EqualTo(new[] { "spec.options.compression: \"zip\" is not allowed; write auto, off or max" }));

    [Test]
    public void Message_states_the_range() =>
        Assert.That(SpecValidator.Validate(Job(options: new() { RetryLimit = 11 })), Is.EqualTo(new[] { "spec.options.retryLimit: 11 is out of range; write 0 to 10" }));

    [Test]
    public void Message_of_a_missing_field_says_what_belongs_there() =>
        Assert.That(SpecValidator.Validate(new BackupJobSpec { Source = new() { Name = "data" } }), Is.EqualTo(new[] { "spec.repository.secretRef.name: is missing. Name of a Secret in the same namespace." }));

    [Test]
    public void Length_is_counted_in_characters_as_the_server_does()
    {
        // 1024 code points, 2048 UTF-16 units.
        var longest = string.Concat(Enumerable.Repeat("\U0001F4BE", 1024));
        Assert.That(SpecValidator.Validate(Job(options: new() { Excludes = [longest] })), Is.Empty);
        Assert.That(SpecValidator.Validate(Job(options: new() { Excludes = [longest + "x"] })), Has.Count.EqualTo(1));
    }

    [Test]
    public void Problems_without_number_are_cut_off() =>
        Assert.That(SpecValidator.Validate(Job(options: new() { Tags = [.. Enumerable.Repeat("a,b", 64)] })), Has.Count.EqualTo(16));

    [Test]
    public void Empty_entry_of_a_list_is_a_problem_and_no_exception() =>
        Assert.That(SpecValidator.Validate(Job(options: new() { Excludes = [null!] })), Has.Exactly(1).StartsWith("spec.options.excludes[0]: is missing"));

    [Test]
    public void Missing_spec_is_a_problem_and_no_exception() => Assert.That(SpecValidator.Validate((BackupJobSpec?)null), Is.EqualTo(new[] { "spec: is missing" }));

    [TestCase(2, 1, true)]
    [TestCase(2, 2, false)]
    [TestCase(2, null, false)]
    [TestCase(null, 1, false)]
    public void ChangedSinceAccepted_compares_generations(int? generation, int? observed, bool changed) =>
        Assert.That(SpecValidator.ChangedSinceAccepted(new ObjectMeta { Generation = generation }, observed), changed ? Does.StartWith("spec: was changed") : Is.Null);

    private static BackupJobSpec Job(BackupOptions options) =>
        new() { Source = new() { Name = "data" }, Repository = new() { SecretRef = new() { Name = "r" } }, Options = options };

    private static void AssertRefused(BrokenObject broken, out IReadOnlyList<string> problems)
    {
        problems = [];
        IReadOnlyList<string>? found = null;
        try
        {
            found = Validate(broken.Kind, broken.Object);
        }
        catch (JsonException exception)
        {
            // What does not even fit the type: the controller makes a DecodeError of it, and this is the text that it has.
            Assert.That(broken.Decodes && !broken.Rule.StartsWith('='), Is.False, exception.Message);
            Assert.That(exception.Path, Does.StartWith("$." + broken.Field), "the exception names the place");
        }

        if (found is null)
            return;
        Assert.That(broken.Decodes, Is.True, "the wrong type was read without an error");
        Assert.That(found, Has.Some.StartsWith(broken.Field), string.Join("\n", found));
        problems = found;
    }

    private static IReadOnlyList<string> Validate(Type kind, JsonObject json) => kind.Name switch
    {
        ApiGroup.BackupScheduleKind => SpecValidator.Validate(json.Deserialize(CrdJsonContext.Default.BackupSchedule)!.Spec),
        ApiGroup.BackupJobKind => SpecValidator.Validate(json.Deserialize(CrdJsonContext.Default.BackupJob)!.Spec),
        _ => SpecValidator.Validate(json.Deserialize(CrdJsonContext.Default.RestoreJob)!.Spec),
    };
}
