using System.Text.Json.Nodes;
using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Exec;
using Walle.Crds.V1;
using Walle.Tests.Builders;
using Walle.Tests.Fakes;

namespace Walle.Tests.Reconcilers;

/// <summary>A StatefulSet with hooks over an API server in memory: what is written before what, and what happens when something fails in between.</summary>
internal sealed class HookReconcilerTests
{
    private const string Set = "/apis/apps/v1/namespaces/shop/statefulsets/db";
    private const string Pod = "/api/v1/namespaces/shop/pods/db-0";
    private static readonly string Snapshot = $"/apis/snapshot.storage.k8s.io/v1/namespaces/shop/volumesnapshots/{ResourceNames.Snapshot(A.Uid, "data")}";

    [Test]
    public async Task Started_is_written_before_the_command_is_run()
    {
        using var harness = Harness();
        await harness.ReconcileAsync();
        while (harness.Status.Hooks is null)
        {
            harness.Hear();
            Assert.That(harness.Executor.Requests, Is.Empty);
            await harness.ReconcileAsync();
        }

        Assert.That(harness.Executor.Requests, Is.Empty, "nothing runs before the status says so");
        Assert.That(harness.Status.Hooks[0].Phase, Is.EqualTo(HookPhase.Started));
        Assert.That(harness.Status.Phase, Is.EqualTo(BackupPhase.BeforeHooks));
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands, Is.EqualTo(new[] { "db-0/db: freeze" }));
        Assert.That(harness.Api.Objects, Does.ContainKey(Snapshot), "the snapshot follows");
    }

    [Test]
    public async Task The_after_hook_runs_when_the_snapshot_is_cut_and_not_only_when_it_is_ready()
    {
        using var harness = Harness();
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands, Has.Count.EqualTo(1));
        Cut(harness);
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands, Is.EqualTo(new[] { "db-0/db: freeze", "db-0/db: thaw" }));
        Assert.That(harness.Status.IsTrue(ConditionTypes.HooksCompleted));
        Assert.That(harness.Status.FrozenSeconds, Is.Not.Null);
        Assert.That(harness.Status.IsTrue(ConditionTypes.SnapshotReady), Is.False);
    }

    [Test]
    public async Task A_before_hook_that_fails_makes_no_snapshot_and_the_after_hook_runs()
    {
        using var harness = Harness();
        harness.Executor.Answers["freeze"] = _ => Task.FromResult(new ExecStatus(false, 3, null));
        await RunAsync(harness);
        Assert.That(harness.Status.Reason, Is.EqualTo(nameof(Reason.HookFailed)), harness.Status.Message);
        Assert.That(harness.Executor.Commands, Is.EqualTo(new[] { "db-0/db: freeze", "db-0/db: thaw" }));
        Assert.That(harness.Api.Objects, Does.Not.ContainKey(Snapshot));
    }

    [Test]
    public async Task With_Continue_a_failed_before_hook_is_told_and_the_backup_goes_on()
    {
        using var harness = Harness(new() { [HookAnnotation.OnError] = "Continue" });
        harness.Executor.Answers["freeze"] = _ => Task.FromResult(new ExecStatus(false, 3, null));
        await RunAsync(harness);
        Assert.That(harness.Api.Objects, Does.ContainKey(Snapshot));
        Assert.That(harness.Status.Hooks![0].Phase, Is.EqualTo(HookPhase.Failed));
    }

    [Test]
    public async Task A_restart_during_the_before_hook_runs_the_after_hook_and_begins_again()
    {
        using var harness = Harness();
        harness.Executor.Answers["freeze"] = Hang;
        await UntilStartedAsync(harness, "freeze");
        harness.Executor.Answers.Clear();
        harness.Restart();
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands, Is.EqualTo(new[] { "db-0/db: freeze", "db-0/db: thaw", "db-0/db: freeze" }));
        Assert.That(harness.Status.HookRounds, Is.EqualTo(2));
        Assert.That(harness.Api.Objects, Does.ContainKey(Snapshot));
        Cut(harness);
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands[^1], Is.EqualTo("db-0/db: thaw"));
    }

    [Test]
    public async Task A_controller_that_is_restarted_again_and_again_gives_up_with_the_application_thawed()
    {
        using var harness = Harness();
        harness.Executor.Answers["freeze"] = Hang;
        for (var round = 1; round <= 3; round++)
        {
            await UntilStartedAsync(harness, "freeze", round);
            harness.Restart();
        }

        await RunAsync(harness);
        Assert.That(harness.Status.Reason, Is.EqualTo(nameof(Reason.HookInterrupted)), harness.Status.Message);
        Assert.That(harness.Executor.Commands.Count(command => command.EndsWith("thaw", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public async Task A_connection_that_is_cut_during_the_before_hook_runs_the_after_hook_and_begins_again()
    {
        using var harness = Harness();
        var cuts = 1;
        harness.Executor.Answers["freeze"] = _ => cuts-- > 0 ? throw new IOException("cut") : Task.FromResult(FakeExecutor.Success);
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands, Is.EqualTo(new[] { "db-0/db: freeze", "db-0/db: thaw", "db-0/db: freeze" }));
        Assert.That(harness.Status.HookRounds, Is.EqualTo(2));
        Assert.That(harness.Api.Objects, Does.ContainKey(Snapshot));
    }

    [Test]
    public async Task A_connection_that_is_cut_each_time_fails_with_the_application_thawed()
    {
        using var harness = Harness();
        harness.Executor.Answers["freeze"] = _ => throw new IOException("cut");
        await RunAsync(harness);
        Assert.That(harness.Status.Reason, Is.EqualTo(nameof(Reason.HookUnreachable)), harness.Status.Message);
        Assert.That(harness.Status.Message, Does.Contain("Pod db-0, container db: cut; so it was 3 times"));
        Assert.That(harness.Executor.Commands, Is.EqualTo(Enumerable.Repeat(new[] { "db-0/db: freeze", "db-0/db: thaw" }, 3).SelectMany(round => round)));
        Assert.That(harness.Api.Objects, Does.Not.ContainKey(Snapshot));
    }

    [Test]
    public async Task With_Continue_a_connection_that_is_cut_is_told_and_the_backup_goes_on()
    {
        using var harness = Harness(new() { [HookAnnotation.OnError] = "Continue" });
        harness.Executor.Answers["freeze"] = _ => throw new IOException("cut");
        await RunAsync(harness);
        Assert.That(harness.Api.Objects, Does.ContainKey(Snapshot));
        Assert.That(harness.Status.HookRounds, Is.EqualTo(1));
    }

    [Test]
    public async Task An_application_that_could_not_be_thawed_is_not_frozen_again()
    {
        using var harness = Harness();
        harness.Executor.Answers["freeze"] = _ => throw new IOException("cut");
        harness.Executor.Answers["thaw"] = _ => Task.FromResult(new ExecStatus(false, 1, null));
        for (var turn = 0; turn < 5; turn++)
        {
            await RunAsync(harness);
            harness.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.That(harness.Status.Reason, Is.EqualTo(nameof(Reason.AfterHookFailed)), harness.Status.Message);
        Assert.That(harness.Status.Message, Does.Contain("may still be frozen: after-hook in Pod db-0").And.Contain("before that, before-hook in Pod db-0, container db: cut"));
        Assert.That(harness.Executor.Commands.Count(command => command.EndsWith("freeze", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_restart_with_the_window_open_goes_on_with_it()
    {
        using var harness = Harness();
        await RunAsync(harness);
        harness.Restart();
        Cut(harness);
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands, Is.EqualTo(new[] { "db-0/db: freeze", "db-0/db: thaw" }));
    }

    [Test]
    public async Task A_restart_after_the_workload_was_deleted_still_thaws_its_Pod()
    {
        using var harness = Harness(onPod: true);
        await RunAsync(harness);
        harness.Restart();
        harness.Api.Objects.Remove(Set);
        Cut(harness);
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands[^1], Is.EqualTo("db-0/db: thaw"));
    }

    [Test]
    public async Task A_Pod_that_was_replaced_is_another_application()
    {
        using var harness = Harness();
        await RunAsync(harness);
        harness.Api.Change(Pod, """{"metadata":{"uid":"another"}}""");
        Cut(harness);
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands, Has.Count.EqualTo(1), "nothing is run in it");
        Assert.That(harness.Status.Hooks![1], Has.Property("Phase").EqualTo(HookPhase.Skipped).And.Property("Reason").EqualTo(nameof(Reason.PodReplaced)));
    }

    [Test]
    public async Task An_after_hook_is_tried_three_times_and_then_told()
    {
        using var harness = Harness();
        harness.Executor.Answers["thaw"] = _ => Task.FromResult(new ExecStatus(false, 1, null));
        await RunAsync(harness);
        Cut(harness);
        for (var turn = 0; turn < 5; turn++)
        {
            await RunAsync(harness);
            harness.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.That(harness.Executor.Commands.Count(command => command.EndsWith("thaw", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(harness.Status.Find(ConditionTypes.HooksCompleted)!.Reason, Is.EqualTo(nameof(Reason.AfterHookFailed)));
        Assert.That(harness.Api.Objects.Values.Any(stored => stored["reason"]?.GetValue<string>() == nameof(Reason.AfterHookFailed)), "an Event");
        Assert.That(BackupResult.IsKnown(harness.Status), Is.False, "what was cut in the window is worth saving");
    }

    [Test]
    public async Task A_driver_that_does_not_cut_holds_the_application_two_minutes_at_most()
    {
        using var harness = Harness();
        await RunAsync(harness);
        harness.Time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromSeconds(1));
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands, Has.Count.EqualTo(1));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands[^1], Is.EqualTo("db-0/db: thaw"));
        Assert.That(harness.Status.Reason, Is.EqualTo(nameof(Reason.SnapshotTimeout)));
    }

    [Test]
    public async Task A_deleted_BackupJob_thaws_before_it_goes()
    {
        using var harness = Harness();
        await RunAsync(harness);
        harness.Api.Change(ReconcilerHarness.JobPath, $$"""{"metadata":{"deletionTimestamp":"{{A.Noon:yyyy-MM-dd'T'HH:mm:ss'Z'}}"} }""");
        harness.Hear();
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands[^1], Is.EqualTo("db-0/db: thaw"));
        Assert.That(harness.Status.Reason, Is.EqualTo(nameof(Reason.Cancelled)));
    }

    [Test]
    public async Task A_Pod_that_only_has_the_labels_is_not_of_the_workload()
    {
        using var harness = Harness();
        PutPod(harness, "intruder", owner: "somebody-else", []);
        PutPod(harness, "orphan", owner: null, []);
        await RunAsync(harness);
        Cut(harness);
        await RunAsync(harness);
        Assert.That(harness.Executor.Requests.Select(request => request.Pod).Distinct(), Is.EqualTo(new[] { "db-0" }));
    }

    [Test]
    public async Task A_plain_claim_whose_Pods_say_nothing_runs_nothing()
    {
        using var harness = new ReconcilerHarness();
        PutPod(harness, "db-0", owner: "uid-of-db", []);
        await harness.RunToWorkerAsync();
        Assert.That(harness.Executor.Requests, Is.Empty);
        Assert.That(harness.Status.Hooks, Is.Null);
    }

    [Test]
    public async Task A_claim_runs_the_hooks_of_the_Pods_that_mount_it()
    {
        using var harness = new ReconcilerHarness();
        PutPod(harness, "db-0", owner: "uid-of-db", new() { [HookAnnotation.Before] = "freeze", [HookAnnotation.After] = "thaw" });
        await RunAsync(harness);
        harness.Api.Change(ReconcilerHarness.SnapshotPath, """{"status":{"boundVolumeSnapshotContentName":"c","creationTime":"2026-11-22T12:00:02Z"}}""");
        await RunAsync(harness);
        Assert.That(harness.Executor.Commands, Is.EqualTo(new[] { "db-0/db: freeze", "db-0/db: thaw" }));
    }

    private static ReconcilerHarness Harness(Dictionary<string, string>? more = null, bool onPod = false)
    {
        Dictionary<string, string> hooks = new(more ?? []) { [HookAnnotation.Before] = "freeze", [HookAnnotation.After] = "thaw" };
        var harness = new ReconcilerHarness(A.BackupJob().WithoutFinalizer().WithSource(new BackupSource { Kind = SourceKind.StatefulSet, Name = "db" }));
        var set = JsonNode.Parse("""{"metadata":{"uid":"uid-of-db"},"spec":{"selector":{"matchLabels":{"app":"db"}},"serviceName":"db","template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[]}}}}""")!;
        set["metadata"]!["annotations"] = Json(onPod ? [] : hooks);
        harness.Api.Put(Set, set);
        PutPod(harness, "db-0", "uid-of-db", onPod ? hooks : []);
        return harness;
    }

    private static void PutPod(ReconcilerHarness harness, string name, string? owner, Dictionary<string, string> annotations)
    {
        var pod = JsonNode.Parse("""
            {"metadata":{"labels":{"app":"db"}},
             "spec":{"containers":[{"name":"db","volumeMounts":[{"name":"v","mountPath":"/data"}]}],"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"data"}}]},
             "status":{"phase":"Running","containerStatuses":[{"name":"db","image":"","imageID":"","ready":true,"restartCount":0,"state":{"running":{}}}]}}
            """)!;
        pod["metadata"]!["annotations"] = Json(annotations);
        if (owner is not null)
            pod["metadata"]!["ownerReferences"] = JsonNode.Parse($$"""[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"db","uid":"{{owner}}","controller":true}]""");
        harness.Api.Put($"/api/v1/namespaces/shop/pods/{name}", pod);
    }

    private static JsonObject Json(Dictionary<string, string> annotations) => new(annotations.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));

    private static void Cut(ReconcilerHarness harness) =>
        harness.Api.Change(Snapshot, """{"status":{"boundVolumeSnapshotContentName":"c","creationTime":"2026-11-22T12:00:02Z"}}""");

    private static async Task<ExecStatus> Hang(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return FakeExecutor.Success;
    }

    private static async Task UntilStartedAsync(ReconcilerHarness harness, string command, int times = 1)
    {
        for (var turn = 0; harness.Executor.Commands.Count(run => run.EndsWith(command, StringComparison.Ordinal)) < times; turn++)
        {
            Assert.That(turn, Is.LessThan(1000), $"{command} is not started: {harness.Status.Reason}: {harness.Status.Message}");
            harness.Hear();
            await harness.ReconcileAsync();
            await Task.Yield();
        }
    }

    /// <summary>Until nothing is written and no hook that can end is running.</summary>
    private static async Task RunAsync(ReconcilerHarness harness)
    {
        while (true)
        {
            harness.Hear();
            await harness.SettleAsync();
            var results = harness.Hooks.ResultsOf(A.Uid);
            await Eventually.BecomesTrue(() => results.Values.All(result => result is not null), "the hooks end");
            var before = harness.Api.Writes.Count;
            harness.Hear();
            await harness.ReconcileAsync();
            harness.Hear();
            if (harness.Api.Writes.Count == before && harness.Hooks.ResultsOf(A.Uid).Values.All(result => result is not null) && harness.Hooks.ResultsOf(A.Uid).Count == results.Count)
                return;
        }
    }
}
