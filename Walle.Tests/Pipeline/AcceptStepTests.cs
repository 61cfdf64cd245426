using System.Text.Json;
using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>Step 1: what is refused, and what is kept of what was found out.</summary>
internal sealed class AcceptStepTests
{
    [Test]
    public void The_finalizer_comes_before_anything_else()
    {
        var action = Expect.Acts<PipelineAction.AddFinalizer>(Stage.Fresh(A.BackupJob().WithoutFinalizer()));
        Assert.That(action, Is.Not.Null);
    }

    [Test]
    public void A_refused_finalizer_is_told_and_ends_after_ten_minutes()
    {
        var refused = Stage.Fresh(A.BackupJob().WithoutFinalizer()) with { ActionFailure = new ActionFailure(Reason.Forbidden, "cannot patch backupjobs", IsFinal: false) };
        var told = refused.Decide();
        Assert.That(told.Status.Find(ConditionTypes.Accepted), Has.Property("Reason").EqualTo("Forbidden").And.Property("Message").Contains("cannot patch"));
        var later = refused.Stored();
        Expect.Acts<PipelineAction.AddFinalizer>(later);
        Expect.Fails(later.After(TimeSpan.FromMinutes(10)).Decide(), ConditionTypes.Accepted, Reason.Forbidden, "cannot patch");
    }

    [Test]
    public void A_missing_source_is_refused() =>
        Expect.Fails((Stage.Fresh() with { Source = null, SourceDriver = null }).Decide(), ConditionTypes.Accepted, Reason.SourceNotFound, "data", "kubectl -n shop get pvc");

    [Test]
    public void Block_mode_is_refused() =>
        Expect.Fails((Stage.Fresh() with { Source = A.Claim().With(claim => claim with { VolumeMode = "Block" }) }).Decide(), ConditionTypes.Accepted, Reason.UnsupportedVolumeMode, "Block");

    [Test]
    public void The_volume_of_the_repository_is_not_backed_up_into_itself()
    {
        BackupJob job = A.BackupJob();
        Expect.Fails(
            Stage.Fresh(job with { Spec = job.Spec with { Repository = job.Spec.Repository with { Volume = new RepositoryVolume { ClaimName = A.ClaimName } } } }).Decide(),
            ConditionTypes.Accepted, Reason.InvalidSpec, "holds the repository");
    }

    [Test]
    public void A_volume_without_a_CSI_driver_is_refused() =>
        Expect.Fails((Stage.Fresh() with { SourceDriver = null }).Decide(), ConditionTypes.Accepted, Reason.SnapshotUnsupported, "pv-1", "CSI");

    [Test]
    public void A_cluster_without_the_snapshot_API_is_told_so() =>
        Expect.Fails((Stage.Fresh() with { SnapshotClasses = null }).Decide(), ConditionTypes.Accepted, Reason.SnapshotApiMissing, "external-snapshotter");

    [Test]
    public void No_class_of_the_driver_is_refused() =>
        Expect.Fails((Stage.Fresh() with { SnapshotClasses = [] }).Decide(), ConditionTypes.Accepted, Reason.SnapshotClassMissing, A.Driver);

    [Test]
    public void A_source_without_a_StorageClass_needs_one_for_the_clone()
    {
        var classless = Stage.Fresh() with { Source = A.Claim().With(claim => claim with { StorageClassName = "" }) };
        Expect.Fails(classless.Decide(), ConditionTypes.Accepted, Reason.InvalidSpec, "spec.options.clone.storageClassName");
        var named = classless.WithOptions(new BackupOptions { CloneVolume = new CloneOptions { StorageClassName = "fast" } });
        Assert.That(named.Decide().Status.IsTrue(ConditionTypes.Accepted));
    }

    [Test]
    public void A_pending_source_is_waited_for_and_looked_at_again()
    {
        var pending = Stage.Fresh() with { Source = A.Claim().InPhase("Pending") };
        Expect.Waits(pending.Decide(), ConditionTypes.Accepted, Reason.SourceNotBound, TimeSpan.FromSeconds(15), "Pending", "describe pvc data");
    }

    [Test]
    public void A_pending_source_fails_at_bindTimeoutSeconds_and_not_before()
    {
        var pending = (Stage.Fresh() with { Source = A.Claim().InPhase("Pending") }).WithOptions(new BackupOptions { BindTimeoutSeconds = 20 }).Stored();
        Expect.Waits(pending.After(TimeSpan.FromSeconds(19)).Decide(), ConditionTypes.Accepted, Reason.SourceNotBound, TimeSpan.FromSeconds(1));
        Expect.Fails(pending.After(TimeSpan.FromSeconds(20)).Decide(), ConditionTypes.Accepted, Reason.SourceNotBound, "Pending");
    }

    [Test]
    public void A_lost_source_fails_at_once() =>
        Expect.Fails((Stage.Fresh() with { Source = A.Claim().InPhase("Lost") }).Decide(), ConditionTypes.Accepted, Reason.SourceNotBound, "Lost");

    [Test]
    public void A_source_that_is_bound_in_the_end_goes_on()
    {
        var waiting = (Stage.Fresh() with { Source = A.Claim().InPhase("Pending") }).Stored().After(TimeSpan.FromMinutes(5));
        var status = (waiting with { Source = A.Claim() }).Decide().Status;
        Assert.That(status, Has.Property("Phase").EqualTo(BackupPhase.Snapshotting).And.Property("Reason").EqualTo("InProgress").And.Property("StartTime").EqualTo(A.Noon));
    }

    [Test]
    public void Acceptance_keeps_what_was_found_out()
    {
        var status = Stage.Fresh().Decide().Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.IsTrue(ConditionTypes.Accepted));
            Assert.That(status.Phase, Is.EqualTo(BackupPhase.Snapshotting));
            Assert.That(status.StartTime, Is.EqualTo(A.Noon));
            Assert.That(status.ObservedGeneration, Is.EqualTo(1));
            Assert.That(status.Volumes, Is.EqualTo(new[]
            {
                new VolumeStatus { ClaimName = "data", ClaimUid = A.ClaimUid, Driver = A.Driver, StorageClassName = A.StorageClass, Size = "10Gi", VolumeSnapshotClassName = "csi-hostpath-snapclass", VolumeSnapshotName = ResourceNames.Snapshot(A.Uid) },
            }));
        }
    }

    [Test]
    public void Accepted_is_not_asked_again() =>
        Expect.Acts<PipelineAction.CreateSnapshot>(Stage.Snapshotting() with { SourceDriver = null, SnapshotClasses = null });

    [TestCase("Nonsense")]
    public void A_kind_that_does_not_exist_is_refused(string kind) =>
        Expect.Fails(Stage.Fresh(A.BackupJob().WithSource(new BackupSource { Kind = kind, Name = "db" })).Decide(), ConditionTypes.Accepted, Reason.InvalidSpec, "spec.source.kind", kind);

    [Test]
    public void A_claim_may_be_named_by_its_kind() =>
        Assert.That(Stage.Fresh(A.BackupJob().WithSource(new BackupSource { Kind = SourceKind.PersistentVolumeClaim, Name = "data" })).Decide().Status.IsTrue(ConditionTypes.Accepted));

    [Test]
    public void A_spec_that_cannot_be_read_is_refused_with_the_field()
    {
        var job = A.BackupJob().With(broken => broken with { DecodeError = "spec.options.retryLimit: the value has the wrong type", Spec = new BackupJobSpec() });
        Expect.Fails(Stage.Fresh(job).Decide(), ConditionTypes.Accepted, Reason.InvalidSpec, "spec.options.retryLimit");
    }

    [TestCase("""[{"key":5}]""", null, "spec.options.worker.tolerations")]
    [TestCase("[]", """{"nodeAffinity":"here"}""", "spec.options.worker.affinity")]
    public void What_Kubernetes_could_not_read_is_refused_by_name(string tolerations, string? affinity, string field)
    {
        var worker = new WorkerOptions
        {
            Tolerations = [.. JsonElement.Parse(tolerations).EnumerateArray()],
            Affinity = affinity is null ? null : JsonElement.Parse(affinity),
        };
        Expect.Fails(Stage.Fresh(A.BackupJob().WithWorker(worker)).Decide(), ConditionTypes.Accepted, Reason.InvalidSpec, field);
    }

    [Test]
    public void A_quantity_that_is_none_is_refused_and_throws_nowhere()
    {
        var resources = new WorkerResources { Limits = new Dictionary<string, string> { ["memory"] = "much" } };
        Expect.Fails(Stage.Fresh(A.BackupJob().WithWorker(new WorkerOptions { Resources = resources })).Decide(), ConditionTypes.Accepted, Reason.InvalidSpec, "spec.options.worker.resources", "much", "memory");
        Expect.Fails(Stage.Fresh(A.BackupJob().WithOptions(new BackupOptions { CloneVolume = new CloneOptions { Size = "big" } })).Decide(), ConditionTypes.Accepted, Reason.InvalidSpec, "spec.options.clone.size", "big");
    }

    [Test]
    public void A_terminating_namespace_ends_the_run() => Expect.Ends(
        (Stage.Snapshotting() with { ActionFailure = new ActionFailure(Reason.NamespaceTerminating, "the namespace is being deleted", IsFinal: true) }).Decide(), Reason.NamespaceTerminating, "namespace");

    [Test]
    public void A_read_that_is_forbidden_is_told_looked_at_again_and_ends()
    {
        var refusal = new ActionFailure(Reason.Forbidden, "cannot get persistentvolumes", IsFinal: false);
        var blind = Stage.Fresh() with { Source = null, ReadFailure = refusal };
        Expect.Waits(blind.Decide(), ConditionTypes.Accepted, Reason.Forbidden, TimeSpan.FromSeconds(10), "cannot get persistentvolumes");
        Expect.Fails(blind.Stored().After(TimeSpan.FromMinutes(10)).Decide(), ConditionTypes.Accepted, Reason.Forbidden, "cannot get persistentvolumes");
        Assert.That((blind.Stored() with { ReadFailure = null, Source = A.Claim() }).Decide().Status.IsTrue(ConditionTypes.Accepted));
    }

    [Test]
    public void A_forbidden_read_holds_the_step_that_needs_it()
    {
        var refusal = new ActionFailure(Reason.Forbidden, "no", IsFinal: false);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Held(Stage.Snapshotting()), Is.EqualTo(ConditionTypes.SnapshotReady));
            Assert.That(Held(Stage.Cloning()), Is.EqualTo(ConditionTypes.CloneBound));
            Assert.That(Held(Stage.Starting()), Is.EqualTo(ConditionTypes.Uploaded));
        }

        string? Held(BackupObservation observation) => (observation with { ReadFailure = refusal }).Decide().Status.Conditions!.Find(condition => condition.Reason == "Forbidden")?.Type;
    }
}
