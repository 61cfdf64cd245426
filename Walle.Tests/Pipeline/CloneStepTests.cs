using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>Step 4: the temporary claim.</summary>
internal sealed class CloneStepTests
{
    private const string Step = ConditionTypes.CloneBound;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private static BackupObservation Pending() => Stage.Cloning() with { CloneClaim = A.CloneClaim() };

    [Test]
    public void The_ready_snapshot_is_cloned()
    {
        var clone = Expect.Acts<PipelineAction.CreateClone>(Stage.Cloning()).Manifest;
        Assert.That(clone.Spec.DataSource.Name, Is.EqualTo(ResourceNames.Snapshot(A.Uid)));
    }

    [TestCase("12Gi", "10Gi", "12Gi")]
    [TestCase("12Gi", "20Gi", "20Gi")]
    [TestCase(null, "10Gi", "10Gi")]
    [TestCase("12Gi", null, "12Gi")]
    public void The_clone_is_as_large_as_the_larger_of_snapshot_and_source(string? restoreSize, string? requested, string expected)
    {
        var observation = Stage.Cloning() with
        {
            Snapshot = A.Snapshot().Ready().With(snapshot => snapshot with { RestoreSize = restoreSize }),
            Source = A.Claim().With(claim => claim with { RequestedSize = requested }),
        };
        Assert.That(Expect.Acts<PipelineAction.CreateClone>(observation).Manifest.Spec.Resources.Requests["storage"].ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void A_size_that_nobody_knows_is_asked_for() => Expect.Fails(
        (WithoutSize(Stage.Cloning()) with { Source = null, Snapshot = A.Snapshot().Ready().With(snapshot => snapshot with { RestoreSize = null }) }).Decide(), Step, Reason.SourceGone, "options.clone.size");

    private static BackupObservation WithoutSize(BackupObservation observation) => observation with
    {
        Job = observation.Job with { Status = observation.Job.Status! with { Volumes = [observation.Job.Status.Volumes![0] with { Size = null }] } },
    };

    [Test]
    public void A_source_that_goes_after_the_cut_is_not_needed() => Assert.That(
        Expect.Acts<PipelineAction.CreateClone>(Stage.Cloning() with { Source = null }).Manifest.Spec.StorageClassName, Is.EqualTo(A.StorageClass));

    [Test]
    public void With_Immediate_binding_the_worker_waits_for_the_clone_without_a_write()
    {
        Expect.Waits(Pending().Decide(), Step, Reason.InProgress, Timeout);
        Assert.That(Pending().Decide().Status, Is.EqualTo(Pending().Job.Status).Using<BackupJobStatus>((left, right) => !Controller.Kubernetes.BackupJobClient.Differs(left, right)));
    }

    [Test]
    public void With_WaitForFirstConsumer_the_worker_is_made_at_once()
    {
        var announced = (Pending() with { CloneWaitsForConsumer = true }).Stored();
        Assert.That(announced.Job.Status, Has.Property("Attempts").EqualTo(1).And.Property("Phase").EqualTo(BackupPhase.Cloning));
        Expect.Acts<PipelineAction.CreateJob>(announced);
        var bound = (announced with { CloneClaim = A.CloneClaim().Bound(), Jobs = [A.WorkerJob()] }).Decide().Status;
        Assert.That(bound.Phase, Is.EqualTo(BackupPhase.Uploading));
    }

    [Test]
    public void With_WaitForFirstConsumer_a_clone_that_is_never_bound_ends()
    {
        var announced = (Pending() with { CloneWaitsForConsumer = true }).Stored() with { Jobs = [A.WorkerJob()] };
        Expect.Fails(announced.After(Timeout).Decide(), Step, Reason.CloneTimeout, "StorageClass fast");
    }

    [Test]
    public void A_bound_clone_announces_the_first_attempt()
    {
        var status = (Pending() with { CloneClaim = A.CloneClaim().Bound() }).Decide().Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.IsTrue(Step));
            Assert.That(status.Phase, Is.EqualTo(BackupPhase.Uploading));
            Assert.That(status.Attempts, Is.EqualTo(1));
            Assert.That(status.Find(ConditionTypes.Uploaded), Has.Property("Status").EqualTo("False"));
        }
    }

    [Test]
    public void A_clone_that_is_not_bound_in_time_fails_with_the_place_to_look() => Expect.Fails(
        Pending().After(Timeout).Decide(), Step, Reason.CloneTimeout, "StorageClass fast", "bindTimeoutSeconds", $"involvedObject.name={ResourceNames.Clone(A.Uid)}");

    [Test]
    public void A_clone_that_is_bound_after_the_deadline_is_taken_all_the_same() =>
        Assert.That((Pending() with { CloneClaim = A.CloneClaim().Bound() }).After(TimeSpan.FromHours(5)).Decide().Status.IsTrue(Step));

    [Test]
    public void Somebody_elses_claim_of_that_name_is_a_conflict() => Expect.Fails(
        (Pending() with { CloneClaim = A.CloneClaim().Bound().OfAnother() }).Decide(), Step, Reason.NameConflict, ResourceNames.Clone(A.Uid));

    [Test]
    public void A_clone_that_is_being_deleted_is_lost() => Expect.Fails(
        (Pending() with { CloneClaim = A.CloneClaim().Deleting() }).Decide(), Step, Reason.CloneLost, ResourceNames.Clone(A.Uid));

    [Test]
    public void A_snapshot_that_is_gone_before_the_clone_is_lost()
    {
        Expect.Fails((Stage.Cloning() with { Snapshot = null }).Decide(), Step, Reason.SnapshotLost, ResourceNames.Snapshot(A.Uid));
        Expect.Fails((Stage.Cloning() with { Snapshot = A.Snapshot().Ready().Deleting() }).Decide(), Step, Reason.SnapshotLost);
        Expect.Fails((Stage.Cloning() with { Snapshot = A.Snapshot().Ready().OfAnother() }).Decide(), Step, Reason.SnapshotLost);
    }

    [Test]
    public void A_snapshot_that_was_made_anew_is_not_the_one_that_was_cut() => Expect.Fails(
        (Stage.Cloning() with { Snapshot = A.Snapshot().Ready().With(snapshot => snapshot with { Uid = "another" }) }).Decide(), Step, Reason.SnapshotLost);

    [Test]
    public void A_store_that_shows_the_snapshot_before_it_was_ready_is_waited_for() =>
        Expect.Waits((Stage.Cloning() with { Snapshot = A.Snapshot().Taken() }).Decide(), Step, Reason.InProgress, Timeout);

    [Test]
    public void A_create_that_never_succeeds_ends_with_the_deadline() =>
        Expect.Fails(Stage.Cloning().After(Timeout).Decide(), Step, Reason.CloneTimeout, "could not be created");

    [Test]
    public void A_passing_refusal_is_told_tried_again_and_ends_with_the_deadline() => Refusals.PassOrEnd(Stage.Cloning(), Step, Timeout);

    [Test]
    public void A_final_refusal_ends_at_once() => Expect.Fails(
        (Stage.Cloning() with { ActionFailure = new ActionFailure(Reason.NameConflict, "it is not ours", IsFinal: true) }).Decide(), Step, Reason.NameConflict, "not ours");
}
