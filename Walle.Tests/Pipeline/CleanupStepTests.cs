using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>Step 6: nothing is left, and the BackupJob is let go of.</summary>
internal sealed class CleanupStepTests
{
    private static readonly TimeSpan LetGo = TimeSpan.FromMinutes(10);

    [Test]
    public void The_order_is_Job_Pod_clone_snapshot_each_by_its_uid()
    {
        var ended = Stage.Ended();
        Assert.That(Expect.Acts<PipelineAction.DeleteJob>(ended).Uid, Is.EqualTo(A.WorkerJob().Uid));
        Waits(ended with { Jobs = [A.WorkerJob().Deleting()] });
        Waits(ended with { Jobs = [] });
        var withoutPod = ended with { Jobs = [], Pods = [] };
        Assert.That(Expect.Acts<PipelineAction.DeleteClone>(withoutPod).Uid, Is.EqualTo(A.CloneUid));
        Waits(withoutPod with { CloneClaim = A.CloneClaim().Bound().Deleting() });
        var withoutClone = withoutPod with { CloneClaim = null };
        Assert.That(Expect.Acts<PipelineAction.DeleteSnapshot>(withoutClone).Uid, Is.EqualTo(A.SnapshotUid));
        Waits(withoutClone with { Snapshot = A.Snapshot().Ready().Deleting() });
    }

    [Test]
    public void All_Jobs_of_all_attempts_go()
    {
        var ended = Stage.Ended() with { Jobs = [A.WorkerJob().Deleting(), A.WorkerJob(2)] };
        Assert.That(Expect.Acts<PipelineAction.DeleteJob>(ended).Name, Is.EqualTo(ResourceNames.BackupJob(A.Uid, 2)));
    }

    [Test]
    public void What_is_not_ours_is_not_touched_and_not_waited_for()
    {
        var foreign = Stage.Clean() with { CloneClaim = A.CloneClaim().OfAnother(), Snapshot = A.Snapshot().OfAnother(), Jobs = [A.WorkerJob().With(job => job with { ControllerUid = "another" })] };
        Assert.That(foreign.Decide().Status.IsTrue(ConditionTypes.CleanedUp));
    }

    [Test]
    public void Absence_from_the_stores_alone_is_not_believed()
    {
        var unconfirmed = Stage.Clean() with { ConfirmedGone = false };
        Waits(unconfirmed);
        Assert.That(unconfirmed.Decide().Status.Phase, Is.EqualTo(BackupPhase.CleaningUp));
    }

    [Test]
    public void The_phase_is_terminal_when_nothing_is_left_and_then_the_finalizer_goes()
    {
        var clean = Stage.Clean();
        Assert.That(clean.Decide().Status, Has.Property("Phase").EqualTo(BackupPhase.Succeeded));
        Assert.That(clean.Decide().Status.Find(ConditionTypes.CleanedUp), Has.Property("Status").EqualTo("True"));
        Expect.Acts<PipelineAction.RemoveFinalizer>(clean.Stored());
    }

    [Test]
    public void A_finished_BackupJob_asks_for_nothing_more()
    {
        var decision = Finished().Decide();
        Assert.That(decision, Has.Property("Action").Null.And.Property("RequeueAfter").Null);
        Assert.That(BackupJobClient.Differs(Finished().Job.Status, decision.Status), Is.False);
    }

    [Test]
    public void Terminal_states_never_change()
    {
        var finished = Finished();
        foreach (var later in new[]
        {
            finished.After(TimeSpan.FromDays(400)), finished.After(TimeSpan.FromDays(-1)), finished with { Source = null }, finished.WithPod(A.Pod().Failed(12, Reason.WrongPassword)),
            finished with { Job = finished.Job with { DecodeError = "spec: broken" } },
            finished with { ActionFailure = new ActionFailure(Reason.NamespaceTerminating, "x", true) },
            finished with { Jobs = [A.WorkerJob()], CloneClaim = A.CloneClaim(), Snapshot = A.Snapshot(), ConfirmedGone = false },
        })
        {
            Assert.That(BackupJobClient.Differs(finished.Job.Status, later.Decide().Status), Is.False, later.ToString());
        }
    }

    [Test]
    public void What_is_left_after_ten_minutes_is_named_and_the_finalizer_goes()
    {
        var stuck = (Stage.Ended() with { Jobs = [], Pods = [], CloneClaim = A.CloneClaim().Bound().Deleting() }).After(LetGo);
        var told = stuck.Decide().Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(told.Find(ConditionTypes.CleanedUp), Has.Property("Status").EqualTo("False").And.Property("Reason").EqualTo("CleanupTimeout"));
            Assert.That(told.Find(ConditionTypes.CleanedUp)!.Message, Does.Contain(ResourceNames.Clone(A.Uid)).And.Contain("finalizers"));
            Assert.That(told.Phase, Is.EqualTo(BackupPhase.Succeeded), "the backup is in the repository all the same");
            Assert.That(stuck.After(TimeSpan.FromSeconds(-1)).Decide().Status.Find(ConditionTypes.CleanedUp), Is.Null);
        }

        Expect.Acts<PipelineAction.RemoveFinalizer>(stuck.Stored());
    }

    [Test]
    public void Cleaning_goes_on_after_the_BackupJob_is_let_go_of()
    {
        var stuck = WithoutFinalizer((Stage.Ended() with { Jobs = [], Pods = [], CloneClaim = A.CloneClaim().Bound() }).After(LetGo).Stored());
        Expect.Acts<PipelineAction.DeleteClone>(stuck);
        Assert.That(stuck.Decide().RequeueAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
        var gone = stuck with { CloneClaim = null, Snapshot = null, ConfirmedGone = true };
        Assert.That(gone.Decide().Status.IsTrue(ConditionTypes.CleanedUp));
        Assert.That(gone.Decide().Status.Phase, Is.EqualTo(BackupPhase.Succeeded));
    }

    [Test]
    public void A_refused_delete_is_part_of_the_message()
    {
        var refused = Stage.Ended().After(LetGo) with { ActionFailure = new ActionFailure(Reason.Forbidden, "cannot delete jobs", IsFinal: false) };
        Assert.That(refused.Decide().Status.Find(ConditionTypes.CleanedUp)!.Message, Does.Contain("cannot delete jobs"));
    }

    [Test]
    public void A_deleted_BackupJob_is_let_go_of_even_if_no_status_can_be_written()
    {
        var deleted = Stage.Uploading() with { Job = Stage.Uploading().Job with { Metadata = Stage.Uploading().Job.Metadata with { DeletionTimestamp = A.Noon } } };
        Assert.That(deleted.Decide().Action, Is.Null, "the cancellation is written first");
        var action = Expect.Acts<PipelineAction.RemoveFinalizer>(deleted.After(LetGo + TimeSpan.FromSeconds(30)));
        Assert.That(action, Is.Not.Null);
    }

    [Test]
    public void A_delete_of_a_BackupJob_that_ended_long_ago_has_its_own_ten_minutes()
    {
        var late = A.Noon.AddHours(5);
        var ended = Stage.Ended() with { Now = late };
        var deleted = ended with { Job = ended.Job with { Metadata = ended.Job.Metadata with { DeletionTimestamp = late } } };
        Expect.Acts<PipelineAction.DeleteJob>(deleted);
    }

    [Test]
    public void ttlSecondsAfterFinished_deletes_the_BackupJob_and_not_before()
    {
        var finished = Finished().WithOptions(new BackupOptions { TtlSecondsAfterFinished = 60 });
        var ended = finished.Job.Status!.CompletionTime!.Value;
        var early = finished with { Now = ended.AddSeconds(59) };
        Assert.That(early.Decide(), Has.Property("Action").Null.And.Property("RequeueAfter").EqualTo(TimeSpan.FromSeconds(1)));
        Expect.Acts<PipelineAction.DeleteBackupJob>(finished with { Now = ended.AddSeconds(60) });
    }

    [Test]
    public void A_ttl_of_zero_deletes_once_all_is_clean()
    {
        var clean = Stage.Clean().WithOptions(new BackupOptions { TtlSecondsAfterFinished = 0 });
        Expect.Acts<PipelineAction.RemoveFinalizer>(clean.Stored());
        Expect.Acts<PipelineAction.DeleteBackupJob>(WithoutFinalizer(clean.Stored()));
    }

    [Test]
    public void A_ttl_of_a_year_does_not_ask_a_timer_for_a_year()
    {
        var finished = Finished().WithOptions(new BackupOptions { TtlSecondsAfterFinished = 31_536_000 });
        Assert.That(finished.Decide().RequeueAfter, Is.GreaterThan(TimeSpan.Zero).And.LessThan(TimeSpan.FromDays(49)), "no timer takes more");
    }

    private static BackupObservation Finished() => WithoutFinalizer(Stage.Clean().Stored());

    private static BackupObservation WithoutFinalizer(BackupObservation observation) =>
        observation with { Job = observation.Job with { Metadata = observation.Job.Metadata with { Finalizers = [.. observation.Job.Metadata.Finalizers!.Where(name => name != WellKnown.Finalizer)] } } };

    private static void Waits(BackupObservation observation) =>
        Assert.That(observation.Decide(), Has.Property("Action").Null.And.Property("RequeueAfter").EqualTo(TimeSpan.FromSeconds(30)));
}
