using NUnit.Framework;
using Walle.Controller.Reconcilers;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Reconcilers;

/// <summary>A scheduled backup's steps are written when they last, or with what cannot wait.</summary>
internal sealed class UnwrittenProgressTests
{
    private const string Job = ReconcilerHarness.JobPath;

    [Test]
    public async Task A_scheduled_backup_that_is_quick_is_ten_writes_beside_its_creation()
    {
        using var harness = new ReconcilerHarness(Scheduled());
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

        var status = harness.Status;
        Assert.Multiple(() =>
        {
            Assert.That(harness.Api.Writes, Is.EqualTo(new[]
            {
                $"PATCH {Job}/status",
                $"POST {Folder(ReconcilerHarness.SnapshotPath)}",
                $"POST {Folder(ReconcilerHarness.ClonePath)}",
                $"POST {Folder(ReconcilerHarness.WorkerPath)}",
                $"PATCH {Job}/status",
                "POST /api/v1/namespaces/shop/events",
                $"DELETE {ReconcilerHarness.WorkerPath}",
                $"DELETE {ReconcilerHarness.ClonePath}",
                $"DELETE {ReconcilerHarness.SnapshotPath}",
                $"PATCH {Job}/status",
                $"PATCH {Job}",
            }));
            Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded));
            Assert.That(new[] { ConditionTypes.SnapshotReady, ConditionTypes.CloneBound, ConditionTypes.Uploaded, ConditionTypes.Complete }.Where(type => status.Conditions?.Find(condition => condition.Type == type)?.Status != ConditionStatus.True), Is.Empty, "none of it is lost");
            Assert.That(status.Attempts, Is.EqualTo(1));
            Assert.That(status.Volumes![0].VolumeSnapshotUid, Is.Not.Null);
            Assert.That(status.Volumes[0].SnapshotTime, Is.EqualTo(A.Noon.AddSeconds(2)));
        });
    }

    [Test]
    public async Task A_step_that_lasts_is_written_after_half_a_minute()
    {
        using var harness = new ReconcilerHarness(Scheduled());
        await harness.RunToWorkerAsync();
        harness.ShowPod(A.Pod().Running());
        var result = await harness.ReconcileAsync();
        Assert.Multiple(() =>
        {
            Assert.That(result.RequeueAfter, Is.EqualTo(UnwrittenProgress.Patience), "it is looked at again by then");
            Assert.That(harness.Status.Phase, Is.EqualTo(BackupPhase.Snapshotting), "what is stored");
        });

        harness.Time.Advance(UnwrittenProgress.Patience);
        await harness.SettleAsync();
        Assert.Multiple(() =>
        {
            Assert.That(harness.Status.Phase, Is.EqualTo(BackupPhase.Uploading));
            Assert.That(harness.Status.Attempts, Is.EqualTo(1));
            Assert.That(harness.Status.Volumes![0].VolumeSnapshotUid, Is.Not.Null);
        });
    }

    [Test]
    public async Task A_restart_finds_out_again_what_was_not_written()
    {
        using var harness = new ReconcilerHarness(Scheduled());
        await harness.RunToWorkerAsync();
        var writes = harness.Api.Writes.Count;
        harness.Restart();
        harness.ShowPod(A.Pod().Running());
        await harness.SettleAsync();
        Assert.That(harness.Api.Writes, Has.Count.EqualTo(writes), "nothing is made twice");
        harness.ShowPod(A.Pod().Succeeded());
        await harness.ReconcileAsync();
        Assert.That(harness.Status.Volumes![0].ResticSnapshotId, Is.Not.Null);
        Assert.That(harness.Status.Volumes[0].SnapshotTime, Is.EqualTo(A.Noon.AddSeconds(2)));
    }

    [Test]
    public async Task A_VolumeSnapshot_that_went_while_nobody_looked_is_not_made_again_beside_its_clone()
    {
        using var harness = new ReconcilerHarness(Scheduled());
        await harness.RunToWorkerAsync();
        harness.Restart();
        harness.Api.Objects.Remove(ReconcilerHarness.SnapshotPath);
        harness.Hear();
        await harness.ReconcileAsync();
        Assert.That(harness.Status.Conditions!.Find(condition => condition.Type == ConditionTypes.Failed)?.Reason, Is.EqualTo(nameof(Reason.SnapshotLost)));
    }

    [Test]
    public async Task A_refusal_is_told_at_once()
    {
        using var harness = new ReconcilerHarness(Scheduled());
        await harness.SettleAsync();
        harness.Api.Refuse = line => line == $"POST {Folder(ReconcilerHarness.ClonePath)}"
            ? (System.Net.HttpStatusCode.Forbidden, """{"kind":"Status","reason":"Forbidden","message":"exceeded quota: claims","code":403}""") : null;
        harness.Api.Change(ReconcilerHarness.SnapshotPath, """{"status":{"boundVolumeSnapshotContentName":"c","readyToUse":true,"creationTime":"2026-11-22T12:00:02Z","restoreSize":"10Gi"}}""");
        harness.Hear();
        await harness.ReconcileAsync();
        await harness.ReconcileAsync();
        Assert.That(harness.Status.Message, Does.Contain("exceeded quota"));
    }

    private static BackupJob Scheduled()
    {
        BackupJob job = A.BackupJob();
        return job with { Metadata = job.Metadata with { Labels = new Dictionary<string, string> { [WellKnown.ScheduleLabel] = "nightly" } } };
    }

    private static string Folder(string path) => path[..path.LastIndexOf('/')];
}
