using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>Step 3: the VolumeSnapshot.</summary>
internal sealed class SnapshotStepTests
{
    private const string Step = ConditionTypes.SnapshotReady;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    [Test]
    public void The_acceptance_is_written_before_the_snapshot_is_made()
    {
        Assert.That(Stage.Fresh().Decide().Status, Is.Not.EqualTo(new BackupJobStatus()));
        var made = Expect.Acts<PipelineAction.CreateSnapshot>(Stage.Snapshotting());
        Assert.That(made.Manifest["metadata"]!["name"]!.GetValue<string>(), Is.EqualTo(ResourceNames.Snapshot(A.Uid)));
    }

    [Test]
    public void A_snapshot_that_is_not_ready_is_waited_for_without_a_write()
    {
        var waiting = Stage.Snapshotting() with { Snapshot = A.Snapshot() };
        Expect.Waits(waiting.Decide(), Step, Reason.InProgress, Timeout);
        Assert.That(waiting.Decide().Status, Is.EqualTo(waiting.Job.Status), "nothing new to write");
    }

    [Test]
    public void A_ready_snapshot_is_kept_with_its_uid_and_the_second_it_was_cut()
    {
        var status = (Stage.Snapshotting() with { Snapshot = A.Snapshot().Ready() }).Decide().Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.IsTrue(Step));
            Assert.That(status.Phase, Is.EqualTo(BackupPhase.Cloning));
            Assert.That(status.Volumes![0].VolumeSnapshotUid, Is.EqualTo(A.SnapshotUid));
            Assert.That(status.Volumes![0].SnapshotTime, Is.EqualTo(A.Noon.AddSeconds(2)));
        }
    }

    [Test]
    public void A_driver_that_tells_no_creation_time_gives_the_start_of_the_run()
    {
        var silent = A.Snapshot().Ready().With(snapshot => snapshot with { CreationTime = null });
        Assert.That((Stage.Snapshotting().After(TimeSpan.FromMinutes(1)) with { Snapshot = silent }).Decide().Status.Volumes![0].SnapshotTime, Is.EqualTo(A.Noon));
    }

    [Test]
    public void An_error_is_shown_and_not_final()
    {
        var failing = (Stage.Snapshotting() with { Snapshot = A.Snapshot().WithError("Unavailable: pool is busy") }).After(TimeSpan.FromMinutes(5));
        Expect.Waits(failing.Decide(), Step, Reason.InProgress, TimeSpan.FromMinutes(5), "pool is busy");
        var recovered = failing.Stored() with { Snapshot = A.Snapshot().Ready() };
        Assert.That(recovered.Decide().Status.IsTrue(Step));
    }

    [Test]
    public void An_error_at_the_deadline_is_the_message() => Expect.Fails(
        (Stage.Snapshotting() with { Snapshot = A.Snapshot().WithError("Unavailable: pool is busy") }).After(Timeout).Decide(), Step, Reason.SnapshotTimeout, "pool is busy", "10m0s", "snapshotTimeoutSeconds");

    [Test]
    public void A_snapshot_that_nobody_took_up_says_so() => Expect.Fails(
        (Stage.Snapshotting() with { Snapshot = A.Snapshot() }).After(Timeout).Decide(), Step, Reason.SnapshotTimeout, "external-snapshotter");

    [Test]
    public void A_snapshot_that_its_driver_does_not_finish_names_the_content() => Expect.Fails(
        (Stage.Snapshotting() with { Snapshot = A.Snapshot().Taken() }).After(Timeout).Decide(), Step, Reason.SnapshotTimeout, "volumesnapshotcontent snapcontent-1");

    [Test]
    public void A_snapshot_that_is_ready_after_the_deadline_is_taken_all_the_same() =>
        Assert.That((Stage.Snapshotting() with { Snapshot = A.Snapshot().Ready() }).After(TimeSpan.FromHours(5)).Decide().Status.IsTrue(Step), "the controller may have been away");

    [Test]
    public void The_deadline_does_not_begin_anew_with_each_look()
    {
        var observation = Stage.Snapshotting() with { Snapshot = A.Snapshot().WithError("one") };
        for (var minute = 0; minute < 9; minute++)
        {
            observation = (observation.After(TimeSpan.FromMinutes(1)) with { Snapshot = A.Snapshot().WithError($"error {minute}") }).Stored();
        }

        Expect.Fails(observation.After(TimeSpan.FromMinutes(1)).Decide(), Step, Reason.SnapshotTimeout);
    }

    [Test]
    public void Somebody_elses_snapshot_of_that_name_is_a_conflict() => Expect.Fails(
        (Stage.Snapshotting() with { Snapshot = A.Snapshot().Ready().OfAnother() }).Decide(), Step, Reason.NameConflict, ResourceNames.Snapshot(A.Uid));

    [Test]
    public void A_source_that_is_gone_before_the_cut_fails()
    {
        Expect.Fails((Stage.Snapshotting() with { Source = null }).Decide(), Step, Reason.SourceGone, "data");
        Expect.Fails((Stage.Snapshotting() with { Source = A.Claim().Deleting() }).Decide(), Step, Reason.SourceGone, "data");
    }

    [Test]
    public void A_source_that_was_made_anew_is_another_volume() => Expect.Fails(
        (Stage.Snapshotting() with { Source = A.Claim().With(claim => claim with { Uid = "another" }) }).Decide(), Step, Reason.SourceGone, "made anew");

    [Test]
    public void A_create_that_never_succeeds_ends_with_the_deadline() =>
        Expect.Fails(Stage.Snapshotting().After(Timeout).Decide(), Step, Reason.SnapshotTimeout, "could not be created");

    [Test]
    public void A_passing_refusal_is_told_tried_again_and_ends_with_the_deadline() => Refusals.PassOrEnd(Stage.Snapshotting(), Step, Timeout);

    [Test]
    public void A_final_refusal_ends_at_once() => Expect.Fails(
        (Stage.Snapshotting() with { ActionFailure = new ActionFailure(Reason.InvalidSpec, "spec.source: Invalid value", IsFinal: true) }).Decide(), Step, Reason.InvalidSpec, "spec.source");
}
