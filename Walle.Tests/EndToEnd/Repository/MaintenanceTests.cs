using System.Text.Json;
using k8s;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.EndToEnd.Schedules;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd.Repository;

/// <summary>Prune and check of a schedule's repository, on the real cluster: what they do, how they share it with backups, and what a killed one leaves.</summary>
[NonParallelizable]
public sealed class MaintenanceTests : ScheduleEndToEndTest
{
    private const string Nightly = "nightly";
    private const string Claim = "data";

    [Test]
    public async Task Prune_and_check_do_what_the_spec_says_and_tell_it()
    {
        await PrepareAsync(""" "retention": {"keepLast": 1}, "prune": {"schedule": "0 0 29 2 *", "maxUnused": "0"}, "check": {"schedule": "0 0 29 2 *", "readDataParts": 2} """);
        for (var i = 0; i < 3; i++)
            await RunOnceAsync();
        await BackUpAsync("by-hand", Claim);

        await AnnotateAsync(WellKnown.PruneNowAnnotation);
        var status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null, ScheduledFor: not null }, "the prune has not ended");
        Assert.That((status.LastPrune!.Result, status.LastPrune.Forgotten, status.LastPrune.Kept), Is.EqualTo(("Succeeded", (int?)2, (int?)1)), status.LastPrune.Message);
        Assert.That(status.LastPrune.BytesRemoved, Is.Positive);
        Assert.That(await Restore.SnapshotsAsync(), Has.Count.EqualTo(2), "the newest of the schedule, and that by hand");

        List<int?> parts = [];
        for (var i = 0; i < 2; i++)
        {
            var asked = await AnnotateAsync(WellKnown.CheckNowAnnotation);
            status = await WaitForScheduleAsync(Nightly, found => found.LastCheck is { FinishedAt: not null } && found.LastCheck.RunNow == asked, "the check has not ended");
            Assert.That(status.LastCheck!.Result, Is.EqualTo("Succeeded"), status.LastCheck.Message);
            parts.Add(status.LastCheck.Part);
        }

        Assert.That(parts, Is.EqualTo((int?[])[1, 2]));
        Assert.That(Condition(status, ConditionTypes.RepositoryHealthy)?.Status, Is.EqualTo("True"));
        using var config = JsonDocument.Parse(await Restore.ResticAsync("cat", "config"));
        Assert.That(status.Repository?.Id, Is.EqualTo(config.RootElement.GetProperty("id").GetString()));
        Assert.That(status.Repository?.InitializedAt, Is.Not.Null);
        await NoWorkerIsLeftAsync();
    }

    [Test]
    public async Task Append_only_credentials_back_up_others_prune_and_too_few_are_left_only_when_released()
    {
        var appendOnly = await Walle.Repositories.StartAppendOnlyAsync("append-only");
        await CreateSecretAsync(appendOnly.UrlOf(Namespace), name: "append-only");
        await PrepareAsync(
            """ "repository": {"secretRef": {"name": "append-only"}, "maintenanceSecretRef": {"name": "repository"} }, "retention": {"keepLast": 1, "minKeep": 2}, "prune": {"schedule": "0 0 29 2 *"} """);
        for (var i = 0; i < 3; i++)
            await RunOnceAsync();
        await AnnotateAsync(WellKnown.PruneNowAnnotation);
        var status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null, ScheduledFor: not null }, "the prune has not ended");
        Assert.That(status.LastPrune!.Result, Is.EqualTo(nameof(Reason.PruneBlocked)), status.LastPrune.Message);
        Assert.That(status.LastPrune.Message, Does.Contain(WellKnown.ReleasePruneAnnotation));
        Assert.That(await Restore.SnapshotsAsync(), Has.Count.EqualTo(3));

        await AnnotateAsync(WellKnown.ReleasePruneAnnotation);
        var asked = await AnnotateAsync(WellKnown.PruneNowAnnotation);
        status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null } && found.LastPrune.RunNow == asked, "the released prune has not ended");
        Assert.That((status.LastPrune!.Result, status.LastPrune.Forgotten, status.LastPrune.Kept), Is.EqualTo(("Succeeded", (int?)2, (int?)1)), status.LastPrune.Message);
        asked = await AnnotateAsync(WellKnown.PruneNowAnnotation);
        status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null } && found.LastPrune.RunNow == asked, "the next prune has not ended");
        Assert.That((status.LastPrune!.Result, status.LastPrune.IsReleased), Is.EqualTo(("Succeeded", (bool?)null)), "one is kept of one: nothing to block, and nothing is released any more");
        await NoWorkerIsLeftAsync();
    }

    [Test]
    public async Task Two_Secrets_for_one_repository_are_one_repository()
    {
        await PrepareAsync(""" "retention": {"keepLast": 1}, "prune": {"schedule": "0 0 29 2 *"} """);
        await CreateSecretAsync(name: "same");
        await RunOnceAsync();
        await CreateBackupAsync("first", Claim, secret: "same");
        Assert.That((await EndOfAsync("first")).Phase, Is.EqualTo(BackupPhase.Succeeded));

        await SetFaultAsync(Claim, $"{Fault.SlowReady}:30s");
        await CreateBackupAsync("second", Claim, secret: "same");
        await WaitForAsync("second", found => HasReached(found, ConditionTypes.Admitted), "it does not begin");
        await AnnotateAsync(WellKnown.PruneNowAnnotation);
        await WaitForScheduleAsync(Nightly, found => found.LastPrune is { Result: nameof(Reason.WaitingForRepository), Message: not null }, "the prune does not wait");
        await SetFaultAsync(Claim, null);
        var status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null, ScheduledFor: not null }, "the prune has not ended");
        Assert.That(status.LastPrune!.Result, Is.EqualTo("Succeeded"), status.LastPrune.Message);
        Assert.That(status.LastPrune.StartedAt, Is.GreaterThanOrEqualTo((await EndOfAsync("second")).CompletionTime!.Value));
    }

    [Test]
    public async Task A_spec_made_invalid_in_the_middle_of_a_prune_gives_the_repository_back()
    {
        await PrepareAsync(""" "retention": {"keepLast": 1}, "prune": {"schedule": "0 0 29 2 *"} """);
        await RunOnceAsync();
        await SetFaultAsync(Claim, $"{Fault.SlowReady}:20s");
        await CreateBackupAsync("by-hand", Claim);
        await WaitForAsync("by-hand", found => HasReached(found, ConditionTypes.Admitted), "it does not begin");
        await AnnotateAsync(WellKnown.PruneNowAnnotation);
        await WaitForScheduleAsync(Nightly, found => found.LastPrune is { Result: nameof(Reason.WaitingForRepository) }, "the prune does not wait");
        await PatchScheduleAsync(Nightly, """{"spec": {"schedule": "0 0 31 2 *"} }""");
        var status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null, ScheduledFor: not null }, "the prune keeps its place");
        Assert.That(status.LastPrune!.Result, Is.EqualTo(nameof(Reason.Cancelled)), status.LastPrune.Message);
        Assert.That(Condition(status, ConditionTypes.Accepted)?.Reason, Is.EqualTo(nameof(Reason.InvalidSpec)));
        Assert.That((await EndOfAsync("by-hand")).Phase, Is.EqualTo(BackupPhase.Succeeded));
    }

    [Test]
    public async Task Damage_is_found_stops_retention_and_lets_backups_go_on()
    {
        await PrepareAsync(""" "retention": {"keepLast": 1}, "prune": {"schedule": "0 0 29 2 *"}, "check": {"schedule": "0 0 29 2 *"} """);
        await RunOnceAsync();
        await Cluster.Node.RunAsync("bash", "-euc", $"rm -f $(find {Walle.Repositories.Folder}/{Namespace}/data -type f -size +100k | head -1)");
        await AnnotateAsync(WellKnown.CheckNowAnnotation);
        var status = await WaitForScheduleAsync(Nightly, found => found.LastCheck is { FinishedAt: not null, ScheduledFor: not null }, "the check has not ended");
        Assert.That(Condition(status, ConditionTypes.RepositoryHealthy)?.Reason, Is.EqualTo(nameof(Reason.RepositoryDamaged)));
        await AnnotateAsync(WellKnown.PruneNowAnnotation);
        status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null, ScheduledFor: not null }, "the prune has not ended");
        Assert.That((status.LastPrune!.Result, status.LastPrune.StartedAt), Is.EqualTo((nameof(Reason.RepositoryDamaged), (DateTimeOffset?)null)));
        await WriteAsync(Claim, "head -c 400000 /dev/urandom > fresh");
        await RunOnceAsync();
        Assert.That((await EventsOfAsync(Nightly)).Where(happened => happened.Reason == nameof(Reason.RepositoryDamaged)).Select(happened => happened.Message), Has.Some.Contains("077_troubleshooting"));
    }

    [Test]
    public async Task A_killed_prune_gives_the_repository_back_by_itself()
    {
        await PrepareAsync(""" "retention": {"keepLast": 1}, "prune": {"schedule": "0 0 29 2 *", "maxUnused": "0"} """);
        await RunOnceAsync();
        await RunOnceAsync();
        var locks = $"{Walle.Repositories.Folder}/{Namespace}/locks";
        await AnnotateAsync(WellKnown.PruneNowAnnotation);
        await Eventually(async () => (await Cluster.Node.RunAsync("ls", locks)).Trim().Length > 0, TimeSpan.FromMinutes(2), () => "the prune takes no lock");
        await Cluster.Node.RunAsync("pkill", "-KILL", "-f", $"walle-worker prune.*--namespace {Namespace} ");
        var killed = TimeProvider.System.GetTimestamp();

        var status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null, ScheduledFor: not null }, "the prune has not ended", TimeSpan.FromMinutes(4));
        TestContext.Out.WriteLine($"{TimeProvider.System.GetElapsedTime(killed).TotalSeconds:0.0} s from the kill to the end: {status.LastPrune!.Attempts} attempts");
        Assert.That((status.LastPrune!.Result, status.LastPrune.Attempts), Is.EqualTo(("Succeeded", (int?)2)), status.LastPrune.Message);
        Assert.That((await Cluster.Node.RunAsync("ls", locks)).Trim(), Is.Empty);
        await RunOnceAsync();
        Assert.That(await Restore.ResticAsync("check", "--read-data"), Does.Contain("no errors were found"));
        await NoWorkerIsLeftAsync();
    }

    [Test]
    public async Task The_lock_of_a_killed_backup_does_not_stop_the_prune()
    {
        await PrepareAsync(""" "retention": {"keepLast": 1}, "prune": {"schedule": "0 0 29 2 *"}, "options": {"retryLimit": 0, "limitUploadKiBps": 200} """);
        await RunOnceAsync();
        await WriteAsync(Claim, "head -c 30000000 /dev/urandom > big");
        await RunNowAsync(Nightly);
        var locks = $"{Walle.Repositories.Folder}/{Namespace}/locks";
        await Eventually(async () => (await Cluster.Node.RunAsync("ls", locks)).Trim().Length > 0, TimeSpan.FromMinutes(2), () => "the backup takes no lock");
        await Cluster.Node.RunAsync("pkill", "-KILL", "-f", $"walle-worker backup.*/walle/{Namespace}/{Claim}");
        await WaitForScheduleAsync(Nightly, found => found.LastRun is { FinishedAt: not null, Failed: 1 }, "the killed backup has not ended");
        Assert.That((await Cluster.Node.RunAsync("ls", locks)).Trim(), Is.Not.Empty, "a killed worker leaves its lock");

        await AnnotateAsync(WellKnown.PruneNowAnnotation);
        var status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null, ScheduledFor: not null }, "the prune has not ended", TimeSpan.FromMinutes(6));
        Assert.That((status.LastPrune!.Result, status.LastPrune.FailedAttempts), Is.EqualTo(("Succeeded", (int?)0)), status.LastPrune.Message);
        Assert.That((await Cluster.Node.RunAsync("ls", locks)).Trim(), Is.Empty);
    }

    [Test]
    public async Task The_lock_of_a_killed_prune_that_nobody_takes_up_again_does_not_stop_a_backup()
    {
        await PrepareAsync(""" "retention": {"keepLast": 1}, "prune": {"schedule": "0 0 29 2 *"} """);
        await RunOnceAsync();
        await AnnotateAsync(WellKnown.PruneNowAnnotation);
        var status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null, ScheduledFor: not null }, "the prune has not ended");
        var uid = (await ReadScheduleAsync(Nightly)).Metadata.Uid!;
        var locks = $"{Walle.Repositories.Folder}/{Namespace}/locks";
        var job = global::Walle.Controller.Pipeline.ResourceNames.MaintenanceJob(uid, "prune", status.LastPrune!.ScheduledFor!.Value, 1);
        await Restore.LeaveLockAsync($"{job}-x7k2p", locks);

        var backup = await BackUpAsync("after", Claim);
        Assert.That((backup.Attempts, backup.FailedAttempts ?? 0), Is.EqualTo(((int?)2, 0)), "one that finds the lock, one that goes through");
        Assert.That((await Cluster.Node.RunAsync("ls", locks)).Trim(), Is.Empty);
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task Backups_due_during_a_prune_wait_for_it_and_start_at_once_when_it_ends()
    {
        await PrepareAsync(""" "retention": {"keepLast": 1}, "prune": {"schedule": "0 0 29 2 *", "maxUnused": "0"} """);
        await RunOnceAsync();
        // A prune due while a backup runs waits for it.
        await SetFaultAsync(Claim, $"{Fault.SlowReady}:40s");
        var run = await RunNowAsync(Nightly);
        await WaitForScheduleAsync(Nightly, found => found is { LastRunNow: { } seen, Active.Count: 1 } && seen == run, "the backup has not begun");
        await AnnotateAsync(WellKnown.PruneNowAnnotation);
        var status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { Result: nameof(Reason.WaitingForRepository), Message: not null }, "the prune does not wait");
        Assert.That(status.LastPrune!.Message, Does.Contain("first"));
        // A backup due later than the prune waits for that.
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
        await CreateBackupAsync("later", Claim);
        await WaitForAsync("later", found => found.Conditions?.Exists(condition => condition is { Type: ConditionTypes.Admitted, Reason: nameof(Reason.WaitingForSlot) }) == true, "it does not wait");
        await SetFaultAsync(Claim, null);

        var later = await EndOfAsync("later");
        status = await WaitForScheduleAsync(Nightly, found => found.LastPrune is { FinishedAt: not null } && found.LastRun is { FinishedAt: not null }, "the prune has not ended");
        Assert.That((later.Phase, status.LastPrune!.Result, status.LastRun!.Failed), Is.EqualTo((BackupPhase.Succeeded, "Succeeded", (int?)0)), $"{later.Message}; {status.LastPrune.Message}");
        var admitted = later.Conditions!.Find(condition => condition.Type == ConditionTypes.Admitted)!.LastTransitionTime;
        TestContext.Out.WriteLine($"{(admitted - status.LastPrune.FinishedAt!.Value).TotalSeconds:0} s (whole seconds) from the prune's end to the backup's beginning");
        Assert.That(admitted, Is.InRange(status.LastPrune.FinishedAt!.Value, status.LastPrune.FinishedAt!.Value.AddSeconds(2)));
        Assert.That(status.LastPrune.StartedAt >= status.LastRun.FinishedAt, "the prune had the repository for itself");
    }

    private async Task PrepareAsync(string spec)
    {
        await CreateSecretAsync();
        await CreateClaimAsync(Claim, StorageNames.FileImmediate);
        await WriteAsync(Claim, "head -c 400000 /dev/urandom > file");
        await CreateScheduleAsync(Nightly, Yearly, spec);
        await WaitForScheduleAsync(Nightly, status => status.ObservedGeneration is not null, "it is not looked at", Soon);
    }

    private async Task RunOnceAsync()
    {
        await WriteAsync(Claim, "head -c 300000 /dev/urandom > churn");
        await RunToItsEndAsync(Nightly);
    }

    private Task<string> AnnotateAsync(string annotation) => AskAnewAsync(Nightly, annotation);

    private async Task NoWorkerIsLeftAsync() => await Eventually(
        async () => (await Kubernetes.BatchV1.ListNamespacedJobAsync(Namespace, labelSelector: WellKnown.ManagedBySelector)).Items.Count == 0, TimeSpan.FromMinutes(1), () => "a worker's Job is left");
}
