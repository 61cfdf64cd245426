using System.Net;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Pipeline.Restore;

namespace Walle.Tests.Reconcilers;

/// <summary>gather -> decide -> act for a RestoreJob, over an API server in memory.</summary>
internal sealed class RestoreJobReconcilerTests
{
    private const string Forbidden = """{"kind":"Status","status":"Failure","reason":"Forbidden","message":"cannot do that","code":403}""";

    [Test]
    public async Task Into_a_claim_that_exists_it_is_one_worker_and_nothing_but_it_is_deleted()
    {
        using var harness = new RestoreHarness(RestoreStage.Job());
        harness.PutTarget("Bound");
        await harness.SettleAsync();
        await harness.EndAsync(RestoreHarness.WorkerPath, RestoreStage.Restore(), RestoreStage.Json(RestoreStage.Restored));
        await harness.SettleAsync();

        Assert.That(harness.Status, Has.Property("Phase").EqualTo(RestorePhase.Succeeded), harness.Status.Message);
        Assert.That(harness.Api.Writes.Where(write => !write.StartsWith("PATCH", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "POST /apis/batch/v1/namespaces/shop/jobs", "POST /api/v1/namespaces/shop/events", $"DELETE {RestoreHarness.WorkerPath}",
        }));
        Assert.That(harness.Api.Objects, Does.ContainKey(RestoreHarness.TargetPath));
    }

    [Test]
    public async Task A_claim_to_be_made_is_planned_made_bound_and_stays()
    {
        using var harness = new RestoreHarness(RestoreStage.Making());
        await harness.SettleAsync();
        Assert.That(harness.Api.Objects, Does.Not.ContainKey(RestoreHarness.TargetPath), "not before the snapshot is known");
        await harness.EndAsync(RestoreHarness.PlanPath, RestoreStage.Plan(), RestoreStage.Json(RestoreStage.Planned));
        await harness.SettleAsync();
        Assert.That(harness.Api.Objects[RestoreHarness.TargetPath]["spec"]!["storageClassName"]!.GetValue<string>(), Is.EqualTo("slow"));
        Assert.That(harness.Api.Objects, Does.Not.ContainKey(RestoreHarness.WorkerPath), "not before it is bound");
        harness.Api.Change(RestoreHarness.TargetPath, """{"status":{"phase":"Bound"}}""");
        await harness.SettleAsync();
        await harness.EndAsync(RestoreHarness.WorkerPath, RestoreStage.Restore(), RestoreStage.Json(RestoreStage.Restored));
        await harness.SettleAsync();

        Assert.That(harness.Status, Has.Property("Phase").EqualTo(RestorePhase.Succeeded), harness.Status.Message);
        Assert.That(harness.Status.CreatedTarget, Is.True);
        Assert.That(harness.Api.Objects.Keys.Where(path => path.Contains("/jobs/", StringComparison.Ordinal)), Is.Empty);
        Assert.That(harness.Api.Objects, Does.ContainKey(RestoreHarness.TargetPath));
    }

    [Test]
    public async Task A_lost_answer_to_the_claims_create_is_an_adoption()
    {
        using var harness = new RestoreHarness(RestoreStage.Making());
        await harness.SettleAsync();
        var lost = 0;
        harness.Api.LoseAnswer = line => line == "POST /api/v1/namespaces/shop/persistentvolumeclaims" && lost++ == 0;
        Assert.That(() => harness.EndAsync(RestoreHarness.PlanPath, RestoreStage.Plan(), RestoreStage.Json(RestoreStage.Planned)), Throws.InstanceOf<HttpRequestException>());
        harness.Api.Change(RestoreHarness.TargetPath, """{"status":{"phase":"Bound"}}""");
        await harness.SettleAsync();
        Assert.That(harness.Api.Objects, Does.ContainKey(RestoreHarness.WorkerPath));
    }

    [TestCase("Running")]
    [TestCase("Pending")]
    public async Task A_Pod_that_mounts_the_target_or_is_about_to_is_named(string phase)
    {
        using var harness = new RestoreHarness(RestoreStage.Job());
        harness.PutTarget("Bound");
        harness.PutPod("shop-0", phase);
        await harness.SettleAsync();
        Assert.That((harness.Status.Reason, harness.Status.Message), Is.EqualTo((nameof(Reason.TargetInUse), harness.Status.Message)));
        Assert.That(harness.Status.Message, Does.Contain("shop-0"));
    }

    [Test]
    public async Task A_Pod_that_has_ended_or_mounts_another_claim_is_no_user()
    {
        using var harness = new RestoreHarness(RestoreStage.Job());
        harness.PutTarget("Bound");
        harness.PutPod("done", "Succeeded");
        harness.PutPod("other", "Running", "other");
        await harness.SettleAsync();
        Assert.That(harness.Api.Objects, Does.ContainKey(RestoreHarness.WorkerPath));
    }

    [Test]
    public async Task A_Pod_that_comes_after_the_plan_is_seen_before_the_worker_is_made()
    {
        using var harness = new RestoreHarness(RestoreStage.Making());
        await harness.SettleAsync();
        await harness.EndAsync(RestoreHarness.PlanPath, RestoreStage.Plan(), RestoreStage.Json(RestoreStage.Planned));
        await harness.SettleAsync();
        harness.PutPod("eager-0", "Pending");
        harness.Api.Change(RestoreHarness.TargetPath, """{"status":{"phase":"Bound"}}""");
        await harness.SettleAsync();
        Assert.That(harness.Status.Reason, Is.EqualTo(nameof(Reason.TargetInUse)), harness.Status.Message);
        Assert.That(harness.Api.Objects, Does.Not.ContainKey(RestoreHarness.WorkerPath));
    }

    [Test]
    public async Task A_missing_right_is_told_and_ends_with_a_deadline()
    {
        using var harness = new RestoreHarness(RestoreStage.Job());
        harness.Api.Refuse = line => line.StartsWith("GET /api/v1/namespaces/shop/persistentvolumeclaims", StringComparison.Ordinal) ? (HttpStatusCode.Forbidden, Forbidden) : null;
        await harness.SettleAsync();
        Assert.That((harness.Status.Reason, harness.Status.CompletionTime), Is.EqualTo((nameof(Reason.Forbidden), (DateTimeOffset?)null)));
        harness.Time.Advance(TimeSpan.FromMinutes(11));
        await harness.SettleAsync();
        Assert.That((harness.Status.Reason, harness.Status.Phase), Is.EqualTo((nameof(Reason.Forbidden), RestorePhase.Failed)));
    }

    [Test]
    public async Task A_namespace_that_enforces_restricted_gets_a_worker_without_root()
    {
        using var harness = new RestoreHarness(RestoreStage.Job());
        harness.PutTarget("Bound");
        harness.Api.Change("/api/v1/namespaces/shop", """{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""");
        await harness.SettleAsync();
        Assert.That(harness.Api.Objects[RestoreHarness.WorkerPath]["spec"]!["template"]!["spec"]!["securityContext"]!["runAsNonRoot"]!.GetValue<bool>(), Is.True);
    }

    [Test]
    public async Task A_finished_RestoreJob_reads_nothing_and_writes_nothing()
    {
        using var harness = new RestoreHarness(RestoreStage.Job());
        harness.PutTarget("Bound");
        await harness.SettleAsync();
        await harness.EndAsync(RestoreHarness.WorkerPath, RestoreStage.Restore(), RestoreStage.Json(RestoreStage.Restored));
        await harness.SettleAsync();
        harness.Api.Reads.Clear();
        harness.Api.Writes.Clear();
        await harness.SettleAsync();
        Assert.That(harness.Api.Reads.Concat(harness.Api.Writes), Is.Empty);
    }
}
