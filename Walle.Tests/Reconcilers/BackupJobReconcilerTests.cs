using System.Net;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Reconcilers;

/// <summary>gather -> decide -> act over an API server in memory.</summary>
internal sealed class BackupJobReconcilerTests
{
    private const string Forbidden = """{"kind":"Status","status":"Failure","reason":"Forbidden","message":"cannot do that","code":403}""";

    [Test]
    public async Task The_happy_path_is_fourteen_writes_and_one_Event()
    {
        using var harness = new ReconcilerHarness();
        await harness.RunToWorkerAsync();
        harness.ShowPod(A.Pod().Running());
        await harness.SettleAsync();
        harness.ShowPod(A.Pod().Succeeded());
        await harness.ReconcileAsync();
        harness.Hear();
        await harness.ReconcileAsync();
        harness.Hear();
        harness.ShowPod(null);
        await harness.SettleAsync();

        const string Job = ReconcilerHarness.JobPath;
        Assert.That(harness.Status.Phase, Is.EqualTo(BackupPhase.Succeeded));
        Assert.That(harness.Api.Writes, Is.EqualTo(new[]
        {
            $"PATCH {Job}",
            $"PATCH {Job}/status",
            $"POST {Folder(ReconcilerHarness.SnapshotPath)}",
            $"PATCH {Job}/status",
            $"POST {Folder(ReconcilerHarness.ClonePath)}",
            $"PATCH {Job}/status",
            $"POST {Folder(ReconcilerHarness.WorkerPath)}",
            $"PATCH {Job}/status",
            $"PATCH {Job}/status",
            "POST /api/v1/namespaces/shop/events",
            $"DELETE {ReconcilerHarness.WorkerPath}",
            $"DELETE {ReconcilerHarness.ClonePath}",
            $"DELETE {ReconcilerHarness.SnapshotPath}",
            $"PATCH {Job}/status",
            $"PATCH {Job}",
        }));
        Assert.That(harness.Api.Orphaning, Is.Empty, "the worker would go on");
    }

    [Test]
    public async Task A_finished_BackupJob_reads_nothing_and_writes_nothing()
    {
        var finished = Stage.Clean().Stored().Job;
        using var harness = new ReconcilerHarness(finished with { Metadata = finished.Metadata with { Finalizers = null } });
        Assert.That(await harness.ReconcileAsync(), Is.EqualTo(Controller.Reconcilers.ReconcileResult.Done));
        Assert.That(harness.Api.Reads.Concat(harness.Api.Writes), Is.Empty, "thousands of them are looked at after each restart");
    }

    [Test]
    public async Task One_write_in_each_reconcile()
    {
        using var harness = new ReconcilerHarness();
        for (var turn = 1; turn <= 3; turn++)
        {
            await harness.ReconcileAsync();
            Assert.That(harness.Api.Writes, Has.Count.EqualTo(turn));
            harness.Hear();
        }
    }

    [Test]
    public async Task A_store_that_has_not_seen_the_last_write_is_waited_for()
    {
        using var harness = new ReconcilerHarness();
        await harness.ReconcileAsync();
        var result = await harness.ReconcileAsync();
        Assert.That(harness.Api.Writes, Has.Count.EqualTo(1));
        Assert.That(result.RequeueAfter, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task A_lost_answer_to_a_create_ends_in_an_adoption()
    {
        using var harness = new ReconcilerHarness();
        harness.Api.LoseAnswer = line => line.StartsWith("POST", StringComparison.Ordinal) && harness.Api.Writes.Count(write => write == line) == 1;
        for (var turn = 0; turn < 8; turn++)
        {
            try
            {
                await harness.ReconcileAsync();
                harness.Hear();
            }
            catch (HttpRequestException)
            {
                // The queue tries again; the stores have heard nothing.
            }
        }

        Assert.That(harness.Api.Writes.Count(write => write.StartsWith("POST", StringComparison.Ordinal)), Is.EqualTo(2), "asked twice, made once");
        Assert.That(harness.Status.Find(ConditionTypes.SnapshotReady), Has.Property("Reason").EqualTo("InProgress"));
    }

    [Test]
    public async Task What_exists_already_and_is_ours_is_no_conflict_while_the_store_does_not_know_it()
    {
        using var harness = new ReconcilerHarness();
        harness.Api.LoseAnswer = line => line.StartsWith("POST", StringComparison.Ordinal) && harness.Api.Writes.Count(write => write == line) == 1;
        for (var turn = 0; turn < 8; turn++)
        {
            try
            {
                await harness.ReconcileAsync();
                if (harness.Api.Writes.All(write => write.StartsWith("PATCH", StringComparison.Ordinal)))
                    harness.Hear();
            }
            catch (HttpRequestException)
            {
                // The queue tries again.
            }
        }

        Assert.That(harness.Api.Writes.Count(write => write.StartsWith("POST", StringComparison.Ordinal)), Is.EqualTo(2), "asked twice, made once, and nothing told");
        Assert.That(harness.Status.Phase, Is.EqualTo(BackupPhase.Snapshotting), harness.Status.Message);
    }

    [Test]
    public async Task A_foreign_object_of_our_name_is_refused_and_never_deleted()
    {
        using var harness = new ReconcilerHarness();
        harness.Api.Put(ReconcilerHarness.SnapshotPath, JsonNode.Parse("""{"metadata":{"labels":{"of":"somebody"}}}""")!);
        await harness.SettleAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(harness.Status.Reason, Is.EqualTo("NameConflict"));
            Assert.That(harness.Status.Phase, Is.EqualTo(BackupPhase.Failed), "there is nothing of ours to wait for");
            Assert.That(harness.Api.Objects, Contains.Key(ReconcilerHarness.SnapshotPath));
            Assert.That(harness.Api.Writes, Has.None.StartsWith("DELETE"));
        }
    }

    [Test]
    public async Task A_refused_create_is_a_condition_with_an_Event_and_is_not_tried_hot()
    {
        using var harness = new ReconcilerHarness();
        var tries = 0;
        harness.Api.Refuse = line => line.StartsWith("POST", StringComparison.Ordinal) && line.EndsWith("volumesnapshots", StringComparison.Ordinal)
            ? (HttpStatusCode.Forbidden, $$"""{"kind":"Status","reason":"Forbidden","message":"exceeded quota: q, used: {{++tries}}","code":403}""")
            : null;
        Controller.Reconcilers.ReconcileResult result = default;
        for (var turn = 0; turn < 8; turn++)
        {
            result = await harness.ReconcileAsync();
            harness.Hear();
        }

        Assert.That(harness.Status.Find(ConditionTypes.SnapshotReady), Has.Property("Reason").EqualTo("QuotaExceeded"));
        Assert.That(result.RequeueAfter, Is.EqualTo(TimeSpan.FromSeconds(10)), "each answer has another count in it");
        Assert.That(harness.Api.Writes.Count(write => write.EndsWith("events", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(harness.Api.Writes.Count(write => write.EndsWith("/status", StringComparison.Ordinal)), Is.EqualTo(2), "accepted, refused");
    }

    [Test]
    public async Task A_refusal_does_not_outlive_its_BackupJob()
    {
        using var harness = new ReconcilerHarness();
        harness.Api.Refuse = line => line.Contains("volumesnapshots", StringComparison.Ordinal) && line.StartsWith("POST", StringComparison.Ordinal)
            ? (HttpStatusCode.UnprocessableEntity, """{"kind":"Status","reason":"Invalid","message":"no","code":422}""") : null;
        for (var turn = 0; turn < 3; turn++)
        {
            await harness.ReconcileAsync();
            harness.Hear();
        }

        harness.Api.Refuse = _ => null;
        var accepted = Stage.Snapshotting().Job;
        harness.Api.Put(ReconcilerHarness.JobPath, System.Text.Json.JsonSerializer.SerializeToNode(accepted with { Metadata = accepted.Metadata with { Uid = "another-uid" } }, global::Walle.Crds.Json.CrdJsonContext.Default.BackupJob)!);
        harness.Hear();
        await harness.ReconcileAsync();
        Assert.That(harness.Status.Reason, Is.EqualTo("InProgress"));
    }

    [Test]
    public async Task A_forbidden_read_becomes_a_condition()
    {
        using var harness = new ReconcilerHarness();
        harness.Api.Refuse = line => line.Contains("persistentvolumes/", StringComparison.Ordinal) ? (HttpStatusCode.Forbidden, Forbidden) : null;
        await harness.SettleAsync();
        Assert.That(harness.Status.Find(ConditionTypes.Accepted), Has.Property("Reason").EqualTo("Forbidden").And.Property("Message").EqualTo("cannot do that"));
    }

    [Test]
    public async Task A_look_that_fails_does_not_keep_the_BackupJob_from_being_let_go_of()
    {
        using var harness = new ReconcilerHarness((Stage.Clean() with { ConfirmedGone = false }).Job);
        harness.Api.Refuse = line => line.StartsWith("GET", StringComparison.Ordinal) ? (HttpStatusCode.Forbidden, Forbidden) : null;
        harness.Time.Advance(TimeSpan.FromMinutes(11));
        await harness.SettleAsync();
        Assert.That(harness.Status.Find(ConditionTypes.CleanedUp), Has.Property("Reason").EqualTo("CleanupTimeout"));
        Assert.That(harness.Api.Writes, Does.Contain($"PATCH {ReconcilerHarness.JobPath}"));
    }

    [Test]
    public async Task A_status_that_the_server_cuts_down_is_not_written_for_ever()
    {
        using var harness = new ReconcilerHarness(A.BackupJob());
        var unchanged = harness.Api.Objects[ReconcilerHarness.JobPath].ToJsonString();
        harness.Api.Refuse = line => line.EndsWith("/status", StringComparison.Ordinal) ? (HttpStatusCode.OK, unchanged) : null;
        await harness.ReconcileAsync();
        Assert.That(harness.Api.Writes, Has.Some.StartsWith("POST").And.Some.Contains("volumesnapshots"), "the run goes on");
    }

    [Test]
    public async Task Labels_of_another_namespace_are_not_looked_at()
    {
        using var harness = new ReconcilerHarness();
        await harness.RunToWorkerAsync();
        harness.ShowPod(A.Pod().Succeeded().With(pod => pod with { Name = pod.Name with { Namespace = "attacker" } }));
        await harness.SettleAsync();
        Assert.That(harness.Status.IsTrue(ConditionTypes.Complete), Is.False);
    }

    [Test]
    public async Task A_Job_that_was_made_before_a_restart_is_found_again()
    {
        using var first = new ReconcilerHarness();
        await first.RunToWorkerAsync();
        using var second = new ReconcilerHarness();
        foreach (var (path, stored) in first.Api.Objects)
        {
            second.Api.Objects[path] = stored;
        }

        second.Hear();
        await second.SettleAsync();
        Assert.That(second.Api.Writes, Is.Empty);
    }

    private static string Folder(string path) => path[..path.LastIndexOf('/')];
}
