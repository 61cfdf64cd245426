using System.Text.Json;
using k8s;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd.Schedules;

/// <summary>Many schedules due at the same second. The controller of the tests runs eight backups at once (--max-backups 8).</summary>
[NonParallelizable]
public sealed class SlotTests : ScheduleEndToEndTest
{
    private const int Limit = 8;

    /// <summary>Of a scheduled backup of one claim, all in all: its creation, its waiting, its temporary objects, and the status of its schedule. Events are told beside it.</summary>
    private const double WritesPerBackup = 14;
    private const string User = "system:serviceaccount:walle-system:walle-controller";

    [TestCase(32)]
    [TestCase(200, Explicit = true, Reason = "takes about ten minutes")]
    public async Task ManyAtOnce_AreNeverMoreThanTheLimit_AndAllComplete(int count)
    {
        await CreateSecretAsync();
        for (var index = 0; index < count; index++)
            await CreateClaimAsync($"claim-{index}", StorageNames.FileImmediate, size: "16Mi");
        await CreateClaimAsync("first", StorageNames.FileImmediate);
        await CreateScheduleAsync("first", Yearly, "\"selectors\": [{\"names\": [\"first\"]}]");
        await RunNowAsync("first");
        await WaitForScheduleAsync("first", HasEnded, "the repository is not there");

        // The minute after the next, so that all exist before any is due.
        var due = TimeProvider.System.GetUtcNow().AddSeconds(20 + (count / 10)).AddMinutes(1);
        for (var index = 0; index < count; index++)
            await CreateScheduleAsync($"many-{index}", $"{due.Minute} {due.Hour} * * *", $"\"selectors\": [{{\"names\": [\"claim-{index}\"]}}]");
        for (var index = 0; index < count; index++)
            await WaitForScheduleAsync($"many-{index}", status => status.NextScheduleTime is not null && status.Protected is not null, "it is not planned");
        Assert.That(TimeProvider.System.GetUtcNow(), Is.LessThan(due.AddSeconds(-due.Second)), "the machine was too slow: they were due before all were planned");
        var begin = await AuditLengthAsync();

        var queued = 0;
        for (var index = count - 1; index >= 0; index--)
        {
            var status = await WaitForScheduleAsync($"many-{index}", HasEnded, "its run has not ended", TimeSpan.FromMinutes(15));
            Assert.That(status.LastRun!.Succeeded, Is.EqualTo(1), $"many-{index}: {JsonSerializer.Serialize(status.LastRun)}");
            if (index == count - 1)
                queued = (await JobsOfAsync("many-0")).Count;
        }

        await Eventually(async () => (await LeftAsync()) == 0, BackupDeadline, () => "BackupJobs are not over");
        var audit = SlotAudit.Read((await Cluster.ReadAuditLogAsync())[begin..], Namespace, User);
        await TestContext.Out.WriteLineAsync($"{count} backups: most in flight {audit.MostInFlight}, {audit.Writes / (double)count:0.00} writes each ({string.Join(", ", audit.Kinds.OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Key} {kind.Value / (double)count:0.00}"))}) and {audit.Events / (double)count:0.00} Events; refused by throttling: {audit.Throttled}");
        Assert.Multiple(() =>
        {
            Assert.That(queued, Is.EqualTo(1));
            Assert.That(audit.Backups, Is.EqualTo(count), "one BackupJob each");
            Assert.That(audit.MostInFlight, Is.LessThanOrEqualTo(Limit).And.GreaterThan(1));
            Assert.That(audit.Throttled, Is.Zero);
            Assert.That(audit.Writes / (double)count, Is.LessThanOrEqualTo(WritesPerBackup));
        });
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task WhoWaits_SaysForWhat_AndAtWhichPlace()
    {
        await CreateSecretAsync();
        for (var index = 0; index < Limit + 2; index++)
            await CreateClaimAsync($"claim-{index}", StorageNames.FileImmediate, fault: $"{Fault.SlowReady}:12s", size: "16Mi");
        await CreateScheduleAsync("all", Yearly);
        await WaitForScheduleAsync("all", status => status.Selected?.Count == Limit + 2, "not all are selected", Soon);
        await RunNowAsync("all");

        IReadOnlyList<BackupJob> waiting = [];
        await Eventually(
            async () => (waiting = [.. (await JobsOfAsync("all")).Where(job => job.Status?.QueuePosition is not null)]).Count == 2, TimeSpan.FromSeconds(30), () => "nobody waits");
        Assert.Multiple(() =>
        {
            Assert.That(waiting.Select(job => job.Status!.Phase), Is.All.EqualTo(BackupPhase.Pending));
            Assert.That(waiting.Select(job => job.Status!.Reason), Is.All.EqualTo(nameof(Reason.WaitingForSlot)));
            Assert.That(waiting.Select(job => job.Status!.QueuePosition), Is.All.InRange(1, 2), "each counts those that asked before it did");
            Assert.That(waiting.Select(job => job.Status!.Message), Is.All.Match("waits for a slot: number [12] of [12]; the cluster has 8 backups under way and the limit is 8 \\(--max-backups\\)"));
            Assert.That(waiting.Select(job => job.Status!.Volumes![0].VolumeSnapshotUid), Is.All.Null, "before the snapshot");
        });
        var status = await WaitForScheduleAsync("all", HasEnded, "the run has not ended");
        Assert.That(status.LastRun!.Succeeded, Is.EqualTo(Limit + 2));
        Assert.That((await JobsOfAsync("all")).Select(job => job.Status!.QueuePosition), Is.All.Null);
    }

    private async Task<int> AuditLengthAsync() => (await Cluster.ReadAuditLogAsync()).Length;

    private async Task<int> LeftAsync()
    {
        var list = (JsonElement)await Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync("ros.io", "v1", Namespace, "backupjobs");
        return list.GetProperty("items").EnumerateArray().Count(job => job.GetProperty("metadata").TryGetProperty("finalizers", out var finalizers) && finalizers.GetArrayLength() > 0);
    }
}
