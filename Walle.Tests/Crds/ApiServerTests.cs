using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Walle.Crds;
using Walle.Tests.Cluster;

namespace Walle.Tests.Crds;

/// <summary>The CRDs on the real API server: one case a rule. The same cases go to the validator in SpecValidatorTests.</summary>
[TestFixture]
public sealed class ApiServerTests : ClusterTest
{
    private ApiServer Server => new(Kubernetes, Namespace);

    [Test]
    public Task Limit_broken_is_refused_with_the_name_of_the_field() => AssertRefusedAsync([.. BrokenObjects.All()], atLeast: 250);

    [Test]
    public Task Value_wrong_is_refused_with_the_name_of_the_field() => AssertRefusedAsync([.. SpelledValues.Wrong()], atLeast: 80);

    [Test]
    public async Task Value_right_is_accepted()
    {
        var refused = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(SpelledValues.Right(), async (right, _) =>
        {
            var answer = await Server.TryCreateAsync(right.Kind, right.Object);
            if (answer.Code != HttpStatusCode.Created)
                refused.Add($"{right}: {answer}");
        });
        Assert.That(refused, Is.Empty);
    }

    [Test]
    public Task Rule_about_several_fields_is_kept_by_every_server() => AssertRefusedAsync(BrokenRules.InSchema, atLeast: 15);

    [Test]
    public async Task Rule_in_CEL_is_refused_with_its_message()
    {
        await IgnoreWithoutCelAsync();
        await AssertRefusedAsync(BrokenRules.InCel, atLeast: 2);
        foreach (var broken in BrokenRules.InCel.Concat(BrokenRules.InSchema))
            Assert.That((await Server.TryCreateAsync(broken.Kind, broken.Object)).Message, Does.Contain(broken.Rule), broken.ToString());
    }

    [Test]
    public async Task Samples_are_stored_with_every_field()
    {
        foreach (var (kind, sample) in Samples.All)
        {
            var answer = await Server.CreateAsync(kind, sample);
            Assert.That(answer.Code, Is.EqualTo(HttpStatusCode.Created), answer.ToString());
            Assert.That(Missing("spec", sample["spec"]!, answer.Body["spec"]), Is.Empty, "fields that the schema does not know are dropped");
        }
    }

    [TestCase(ApiGroup.BackupScheduleKind, """{"schedule": "@daily", "selectors": [{"kind": "PersistentVolumeClaim"}], "repository": {"secretRef": {"name": "r"}, "initialize": "IfMissing"}, "timeZone": "UTC", "suspend": false, "concurrencyPolicy": "Forbid", "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 3}""")]
    [TestCase(ApiGroup.BackupJobKind, """{"source": {"kind": "PersistentVolumeClaim", "name": "data"}, "repository": {"secretRef": {"name": "r"}, "initialize": "IfMissing"}}""")]
    [TestCase(ApiGroup.RestoreJobKind, """{"source": {"claimName": "data"}, "target": {"claimName": "data"}, "repository": {"secretRef": {"name": "r"}}, "deleteExtra": false, "overwrite": "Never", "verify": true}""")]
    public async Task Defaults_appear_and_objects_around_them_do_not(string kind, string expected) =>
        AssertSame((await Server.TryCreateAsync(Samples.Kind(kind), Samples.Smallest(Samples.Kind(kind)))).Body["spec"], expected);

    [Test]
    public async Task Defaults_of_options_appear_where_options_are_written_and_never_in_an_override()
    {
        const string Expected =
            """
            {"excludeCaches": false, "compression": "auto", "limitUploadKiBps": 0, "skipIfUnchanged": false, "changeDetection": "Auto", "fullReadEvery": 0, "snapshotTimeoutSeconds": 600,
             "bindTimeoutSeconds": 600, "startTimeoutSeconds": 300, "activeDeadlineSeconds": 21600, "retryLimit": 2, "allowEmpty": false, "worker": {"securityProfile": "Auto"}}
            """;
        var options = new JsonObject { ["worker"] = new JsonObject() };
        var schedule = Samples.Smallest(Samples.Kind(ApiGroup.BackupScheduleKind)).With("spec.options", options).With("spec.selectors[0].options", options);
        var stored = (await Server.TryCreateAsync(Samples.Kind(ApiGroup.BackupScheduleKind), schedule)).Body;
        AssertSame(stored.At("spec.options"), Expected);
        // A default in here would override what the user wrote in spec.options.
        AssertSame(stored.At("spec.selectors[0].options"), """{"worker": {}}""");
    }

    [Test]
    public async Task Unknown_fields_are_dropped_and_foreign_objects_are_kept()
    {
        var job = Samples.Smallest(Samples.Kind(ApiGroup.BackupJobKind))
            .With("spec.unknown", 1).With("spec.repository.secretRef.namespace", "other").With("spec.options.worker.affinity.nodeAffinity.x", 1);
        var stored = (await Server.TryCreateAsync(Samples.Kind(ApiGroup.BackupJobKind), job)).Body;
        Assert.That(stored.At("spec.unknown"), Is.Null);
        Assert.That(stored.At("spec.repository.secretRef.namespace"), Is.Null, "nobody reaches another namespace's Secret");
        Assert.That(stored.At("spec.options.worker.affinity.nodeAffinity.x")?.GetValue<int>(), Is.EqualTo(1));
    }

    [TestCase(ApiGroup.BackupJobKind, "spec.source.name")]
    [TestCase(ApiGroup.BackupJobKind, "spec.options.compression")]
    [TestCase(ApiGroup.RestoreJobKind, "spec.target.claimName")]
    public async Task Spec_is_immutable(string kind, string field)
    {
        await IgnoreWithoutCelAsync();
        var created = (await Server.CreateAsync(Samples.Kind(kind), Samples.Smallest(Samples.Kind(kind)))).Body;
        var changed = await Server.ReplaceAsync(Samples.Kind(kind), created.With(field, field.EndsWith("compression", StringComparison.Ordinal) ? "max" : "another"));
        Assert.That((changed.Code, changed.Message), Is.EqualTo((HttpStatusCode.UnprocessableEntity, changed.Message)));
        Assert.That(changed.Message, Does.Contain($"spec is immutable; create a new {kind} instead"));
        var labelled = await Server.ReplaceAsync(Samples.Kind(kind), created.With("metadata.labels", new JsonObject { ["a"] = "b" }));
        Assert.That(labelled.Code, Is.EqualTo(HttpStatusCode.OK), "labels may change");
    }

    [Test]
    public async Task Name_of_a_schedule_fits_into_a_label()
    {
        var kind = Samples.Kind(ApiGroup.BackupScheduleKind);
        var answer = await Server.TryCreateAsync(kind, Samples.Smallest(kind).With("metadata.name", new string('a', 64)));
        Assert.That((answer.Code, answer.Message), Is.EqualTo((HttpStatusCode.UnprocessableEntity, answer.Message)));
        Assert.That(answer.Message, Does.Contain("metadata.name"));
        Assert.That((await Server.TryCreateAsync(kind, Samples.Smallest(kind).With("metadata.name", new string('a', 63)))).Code, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Short_names_and_categories_are_served()
    {
        var resources = (await Server.DiscoverAsync()).Body["resources"]!.AsArray();
        var names = resources.Where(resource => resource!["shortNames"] is not null).Select(resource =>
            $"{resource!["name"]} {resource["singularName"]} {string.Join(",", resource["shortNames"]!.AsArray())} {string.Join(",", resource["categories"]!.AsArray())} {resource["namespaced"]}");
        Assert.That(names, Is.EquivalentTo(new[]
        {
            "backupschedules backupschedule bs all,walle true", "backupjobs backupjob bj all,walle true", "restorejobs restorejob rj all,walle true",
        }));
        Assert.That(resources.Select(resource => resource!["name"]!.ToString()), Is.SupersetOf(new[] { "backupschedules/status", "backupjobs/status", "restorejobs/status" }));
    }

    private static void AssertSame(JsonNode? actual, string expected) => Assert.That(JsonNode.DeepEquals(actual, JsonNode.Parse(expected)), Is.True, actual?.ToJsonString() ?? "null");

    private static IEnumerable<string> Missing(string path, JsonNode sent, JsonNode? stored) => (sent, stored) switch
    {
        (JsonObject map, JsonObject other) => map.SelectMany(field => Missing($"{path}.{field.Key}", field.Value!, other[field.Key])),
        (JsonArray list, JsonArray other) when list.Count == other.Count => list.SelectMany((item, index) => Missing($"{path}[{index}]", item!, other[index])),
        _ => JsonNode.DeepEquals(sent, stored) ? [] : [path],
    };

    // Older servers name a list but not which of its items.
    private static string WithoutIndexes(string text) => Regex.Replace(text, @"\[\d+\]", "");

    private async Task IgnoreWithoutCelAsync()
    {
        var (works, version) = await Server.CelAsync();
        if (!works)
            Assert.Ignore($"Kubernetes {version} drops CEL rules (they work since 1.25); SpecValidatorTests judges the same objects by the controller's validator");
    }

    private async Task AssertRefusedAsync(IReadOnlyCollection<BrokenObject> cases, int atLeast)
    {
        Assert.That(cases, Has.Count.GreaterThanOrEqualTo(atLeast), "cases are missing");
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(cases, async (broken, _) =>
        {
            var answer = await Server.TryCreateAsync(broken.Kind, broken.Object);
            if (answer.Code != HttpStatusCode.UnprocessableEntity || !WithoutIndexes(answer.Message).Contains(WithoutIndexes(broken.Field), StringComparison.Ordinal))
                wrong.Add($"{broken}: {answer}");
        });
        TestContext.Out.WriteLine($"{cases.Count} cases");
        Assert.That(wrong, Is.Empty, string.Join("\n", wrong));
    }
}
