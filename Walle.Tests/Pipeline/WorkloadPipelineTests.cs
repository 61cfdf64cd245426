using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Hooks;
using Walle.Controller.Projections;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>A workload with several volumes: each climbs the ladder by itself, and the BackupJob succeeds only if all do.</summary>
internal sealed class WorkloadPipelineTests
{
    private static readonly BackupJob Job = A.BackupJob().WithSource(new BackupSource { Kind = SourceKind.StatefulSet, Name = "db" });

    [Test]
    public void All_claims_are_accepted_each_with_names_of_its_own()
    {
        var status = Fresh("data", "log").Decide().Status;
        Assert.That(status.IsTrue(ConditionTypes.Accepted), status.Message);
        Assert.That(status.Volumes!.Select(volume => volume.ClaimName), Is.EqualTo(new[] { "data", "log" }));
        Assert.That(status.Volumes!.Select(volume => volume.VolumeSnapshotName).Append(ResourceNames.Snapshot(A.Uid)).Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void A_workload_that_is_gone_is_told() =>
        Expect.Fails((Fresh("data") with { Workload = null }).Decide(), ConditionTypes.Accepted, Reason.SourceNotFound, "StatefulSet db", "kubectl -n shop get StatefulSet");

    [Test]
    public void What_cannot_be_snapshotted_fails_the_backup_with_the_way_to_leave_it_out()
    {
        var block = Fresh("data", "log") with { Claims = [Claim("data"), Claim("log") with { Claim = A.Claim().With(claim => claim with { Name = new NamespacedName("shop", "log"), VolumeMode = "Block" }) }] };
        Expect.Fails(block.Decide(), ConditionTypes.Accepted, Reason.UnsupportedVolumeMode, "log", "annotate pvc log ros.io/backup=false");
        var local = Fresh("data") with { Claims = [Claim("data") with { Driver = null }] };
        Expect.Fails(local.Decide(), ConditionTypes.Accepted, Reason.SnapshotUnsupported, "annotate pvc data");
    }

    [Test]
    public void What_is_not_wanted_is_left_out_and_says_so()
    {
        var fresh = Fresh("data", "cache", "scratch") with { Claims = [Claim("data"), Claim("cache") with { OptedOut = true }, Claim("scratch")] };
        fresh = fresh with { Workload = fresh.Workload! with { EphemeralClaims = ["scratch"] } };
        var status = fresh.Decide().Status;
        Assert.That(status.Volumes!.Select(volume => volume.Phase), Is.EqualTo(new[] { null, BackupPhase.Skipped, BackupPhase.Skipped }));
        Assert.That(status.Volumes!.Skip(1).Select(volume => volume.Reason), Is.All.EqualTo(nameof(Reason.Excluded)));
        Expect.Fails((fresh with { Claims = [Claim("data") with { OptedOut = true }] }).Decide(), ConditionTypes.Accepted, Reason.NothingToBackUp, "data", HookAnnotation.Dump);
    }

    [Test]
    public void A_wrong_annotation_is_refused_before_anything_is_made() => Expect.Fails(
        (Fresh("data") with { Plan = new HookPlan { Problem = (Reason.InvalidHook, "annotation ros.io/hook-timeout: …") } }).Decide(), ConditionTypes.Accepted, Reason.InvalidHook, "hook-timeout");

    [Test]
    public void All_snapshots_are_made_at_once()
    {
        var action = Snapshotting("data", "log", "wal").Decide().Action;
        Assert.That(action, Is.InstanceOf<PipelineAction.CreateSnapshots>());
        Assert.That(((PipelineAction.CreateSnapshots)action!).Snapshots.Select(create => create.Manifest["spec"]!["source"]!["persistentVolumeClaimName"]!.GetValue<string>()), Is.EqualTo(new[] { "data", "log", "wal" }));
    }

    [Test]
    public void The_skew_is_the_time_between_the_first_and_the_last_cut()
    {
        var observation = With(With(Snapshotting("data", "log"), "data", part => part with { Snapshot = Ready("data", 2) }), "log", part => part with { Snapshot = Ready("log", 5) });
        Assert.That(observation.Decide().Status.SkewSeconds, Is.EqualTo(3));
    }

    [Test]
    public void The_first_one_to_reach_a_repository_goes_alone()
    {
        var observation = Ready2();
        Assert.That(observation.Decide().Status.Volumes!.Select(volume => volume.Phase), Is.EqualTo(new[] { BackupPhase.Cloning, BackupPhase.Cloning }));
        var made = ((PipelineAction.CreateClone)observation.Settled().Decide().Action!).Manifest;
        Assert.That(made.Spec.DataSource.Name, Is.EqualTo(ResourceNames.Snapshot(A.Uid, "data")));
        var bound = With(observation.Settled(), "data", part => part with { CloneClaim = Clone("data") }).Settled();
        Assert.That(bound.Decide().Action, Is.InstanceOf<PipelineAction.CreateJob>());
        Assert.That(((PipelineAction.CreateJob)bound.Decide().Action!).Manifest.Metadata.Name, Is.EqualTo(ResourceNames.BackupJob(A.Uid, 1, "data")));
        var reached = With(bound, "data", part => part with { Jobs = [WorkerJob("data")] }) with { RepositoryReachedAt = A.Noon };
        Assert.That(((PipelineAction.CreateClone)reached.Settled().Decide().Action!).Manifest.Metadata.Name, Is.EqualTo(ResourceNames.Clone(A.Uid, "log")), "a repository that is known is used by all at once");
    }

    [Test]
    public void One_volume_that_fails_leaves_the_other_saved_and_the_whole_partly()
    {
        var status = Ready2().Settled().Decide().Status;
        status = status with
        {
            Volumes =
            [
                status.Volumes![0] with { Phase = BackupPhase.Succeeded, ResticSnapshotId = A.SnapshotId, BytesAdded = 10 },
                status.Volumes[1] with { Phase = BackupPhase.Failed, Reason = nameof(Reason.CloneTimeout), Message = "not bound" },
            ],
        };
        var decision = (Ready2() with { Job = Job with { Status = status } }).Decide();
        Expect.Ends(decision, Reason.CloneTimeout, "PersistentVolumeClaim log", "1 of 2");
        Assert.That(BackupPhases.Terminal(decision.Status), Is.EqualTo(BackupPhase.PartiallySucceeded));
    }

    [Test]
    public void A_dump_alone_has_a_worker_with_its_own_account_and_neither_snapshot_nor_volume()
    {
        var target = new DumpTarget("db", "db-0", "uid", "main", ["pg_dump", "--format=custom"], TimeSpan.FromHours(1), "db.dump");
        var plan = new HookPlan { Dump = target, InsteadOfVolumes = true };
        var accepted = (Fresh() with { Plan = plan }).Decide().Status;
        Assert.That(accepted.Dumps!.Single().Path, Is.EqualTo("/walle_shop_db_db.dump"));
        var whole = Fresh() with { Plan = plan, Job = Job with { Status = accepted } };
        whole = (whole with { Parts = [.. VolumeViews.Of(whole, accepted)] }).Settled();
        var pod = ((PipelineAction.CreateJob)whole.Decide().Action!).Manifest.Spec.Template.Spec;
        Assert.Multiple(() =>
        {
            Assert.That(pod.ServiceAccountName, Is.EqualTo(WellKnown.DumpServiceAccount));
            Assert.That(pod.Volumes.Select(volume => volume.PersistentVolumeClaim), Is.All.Null);
            Assert.That(pod.SecurityContext.RunAsNonRoot, Is.True);
            Assert.That(pod.Containers[0].SecurityContext.Capabilities.Add, Is.Null);
            Assert.That(pod.Containers[0].Args, Does.Contain("""["pg_dump","--format=custom"]"""));
        });
    }

    [Test]
    public void Clean_up_takes_all_clones_before_the_first_snapshot()
    {
        var status = Ready2().Settled().Decide().Status;
        var ended = BackupResult.Fail(Ready2(), status, Reason.Cancelled, "over").Status;
        var whole = With(With(Ready2(), "data", part => part with { CloneClaim = Clone("data") }), "log", part => part with { CloneClaim = Clone("log") }) with { Job = Job with { Status = ended } };
        Assert.That(whole.Decide().Action, Is.EqualTo(new PipelineAction.DeleteClone(ResourceNames.Clone(A.Uid, "data"), "clone-data")));
        var second = With(whole, "data", part => part with { CloneClaim = null });
        Assert.That(second.Decide().Action, Is.EqualTo(new PipelineAction.DeleteClone(ResourceNames.Clone(A.Uid, "log"), "clone-log")));
        var third = With(second, "log", part => part with { CloneClaim = null });
        Assert.That(third.Decide().Action, Is.InstanceOf<PipelineAction.DeleteSnapshot>());
    }

    private static BackupObservation Fresh(params string[] claims) => Stage.Fresh(Job) with
    {
        Source = null,
        SourceDriver = null,
        Workload = new WorkloadFacts { Kind = SourceKind.StatefulSet, Name = "db", Claims = claims },
        Plan = HookPlan.None,
        Claims = [.. claims.Select(Claim)],
    };

    private static BackupObservation Snapshotting(params string[] claims)
    {
        var whole = Fresh(claims);
        whole = whole with { Job = Job with { Status = whole.Decide().Status }, Plan = null };
        return (whole with { Parts = [.. VolumeViews.Of(whole, whole.Job.Status!).Select(part => part with { Source = Claim(part.ClaimName).Claim })] }).Settled();
    }

    private static BackupObservation Ready2() =>
        With(With(Snapshotting("data", "log"), "data", part => part with { Snapshot = Ready("data", 2) }), "log", part => part with { Snapshot = Ready("log", 2) });

    private static BackupObservation With(BackupObservation whole, string claim, Func<BackupObservation, BackupObservation> change) =>
        whole with { Parts = [.. whole.Parts.Select(part => part.ClaimName == claim ? change(part) : part)] };

    private static SourceClaim Claim(string name) => new(name, A.Claim().With(claim => claim with { Name = new NamespacedName("shop", name) }), A.Driver, OptedOut: false);

    private static SnapshotProjection Ready(string claim, double seconds) => A.Snapshot().Ready().With(snapshot => snapshot with
    {
        Name = new NamespacedName("shop", ResourceNames.Snapshot(A.Uid, claim)),
        Uid = $"snapshot-{claim}",
        CreationTime = A.Noon.AddSeconds(seconds),
    });

    private static ClaimProjection Clone(string claim) => A.CloneClaim().Bound().With(clone => clone with { Name = new NamespacedName("shop", ResourceNames.Clone(A.Uid, claim)), Uid = $"clone-{claim}" });

    private static JobProjection WorkerJob(string claim) => A.WorkerJob().With(job => job with { Name = new NamespacedName("shop", ResourceNames.BackupJob(A.Uid, 1, claim)) });
}
