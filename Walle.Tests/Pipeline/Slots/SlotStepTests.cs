using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Slots;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Slots;

/// <summary>A backup waits for its slot before anything is made.</summary>
internal sealed class SlotStepTests
{
    private static readonly SlotAnswer Third = new(3, 9, "the cluster has 8 backups under way and the limit is 8 (--max-backups)", IsNews: true);

    [Test]
    public void Without_a_slot_nothing_is_made_and_the_status_says_why()
    {
        var decision = (Stage.Fresh() with { Slot = Third }).Decide();
        Assert.That(decision.Action, Is.Null);
        Assert.That((decision.Status.Phase, decision.Status.Reason, decision.Status.QueuePosition), Is.EqualTo((BackupPhase.Pending, "WaitingForSlot", (int?)3)));
        Assert.That(decision.Status.Message, Is.EqualTo($"waits for a slot: number 3 of 9; {Third.WaitsFor}"));
        Assert.That(decision.Status.IsTrue(ConditionTypes.Accepted), "who can never run need not wait to be told");
        Assert.That(decision.RequeueAfter, Is.EqualTo(SlotStep.LookAgain));
    }

    [Test]
    public void The_place_is_written_again_only_when_it_is_news()
    {
        var waiting = (Stage.Fresh() with { Slot = Third }).Stored();
        Assert.That((waiting with { Slot = Third with { Position = 2, IsNews = false } }).Decide().Status.QueuePosition, Is.EqualTo(3));
        Assert.That((waiting with { Slot = Third with { Position = 2 } }).Decide().Status.QueuePosition, Is.EqualTo(2));
    }

    [Test]
    public void The_slot_is_in_the_status_before_the_snapshot_is_made_and_its_time_begins_then()
    {
        var waiting = (Stage.Fresh() with { Slot = Third }).Stored();
        var given = (waiting with { Slot = SlotAnswer.Given }).After(TimeSpan.FromHours(5));
        Assert.That(given.Decide().Status, Has.Property("QueuePosition").Null.And.Property("Phase").EqualTo(BackupPhase.Snapshotting));
        Assert.That(given.Stored().Decide(), Has.Property("Action").TypeOf<PipelineAction.CreateSnapshot>());
        Assert.That(given.Stored().After(TimeSpan.FromMinutes(9)).Decide().Action, Is.TypeOf<PipelineAction.CreateSnapshot>(), "ten minutes for the snapshot, from now");
    }

    [Test]
    public void After_a_day_it_is_over()
    {
        var waiting = (Stage.Fresh() with { Slot = Third }).Stored();
        Assert.That(waiting.After(TimeSpan.FromHours(23)).Decide().Status.CompletionTime, Is.Null);
        var over = waiting.After(TimeSpan.FromHours(24)).Decide().Status;
        Assert.That((over.Reason, over.Phase), Is.EqualTo(("SlotTimeout", BackupPhase.Failed)), "nothing was made, so nothing is cleaned up");
    }

    [Test]
    public void Cancelled_while_waiting_it_is_over_at_once()
    {
        var waiting = (Stage.Fresh() with { Slot = Third }).Stored();
        var deleted = waiting with { Job = waiting.Job with { Metadata = waiting.Job.Metadata with { DeletionTimestamp = A.Noon } } };
        Assert.That(deleted.Decide().Status.Phase, Is.EqualTo(BackupPhase.Cancelled));
    }

    [Test]
    public void A_slot_is_held_until_nothing_temporary_is_left()
    {
        Assert.That(SlotStep.HoldsSlot((Stage.Fresh() with { Slot = Third }).Stored().Job.Status!), Is.False);
        foreach (var stage in new[] { Stage.Snapshotting(), Stage.Cloning(), Stage.Uploading(), Stage.Ended() })
            Assert.That(SlotStep.HoldsSlot(stage.Job.Status!), Is.True, stage.Job.Status!.Phase);
        Assert.That(SlotStep.HoldsSlot(Stage.Clean().Stored().Job.Status!), Is.False);
    }

    [Test]
    public void A_run_that_an_earlier_version_began_goes_on()
    {
        var status = Stage.Cloning().Job.Status!;
        status = status with { Conditions = status.Conditions!.FindAll(condition => condition.Type != ConditionTypes.Admitted) };
        Assert.That((Stage.Cloning().WithStatus(status) with { Slot = Third }).Decide().Status.QueuePosition, Is.Null);
        Assert.That(SlotStep.HoldsSlot(status));
    }

    [Test]
    public void Due_is_the_time_of_the_schedule_else_when_it_was_made()
    {
        var status = Stage.Fresh().Stored().Job.Status!;
        BackupJob Annotated(string value) => A.BackupJob().WithMetadata(metadata => metadata with { Annotations = new Dictionary<string, string> { [WellKnown.ScheduledForAnnotation] = value } });
        Assert.That(SlotStep.Request(Annotated("2026-11-22T11:00:00Z"), status).DueAt, Is.EqualTo(A.Noon.AddHours(-1)));
        Assert.That(SlotStep.Request(Annotated("soon"), status).DueAt, Is.EqualTo(A.Noon));
        Assert.That(SlotStep.Request(A.BackupJob(), status), Has.Property("Repository").EqualTo("shop/restic-repo").And.Property("StorageClasses").EqualTo(new[] { "fast" }));
        Assert.That(SlotStep.Request(A.BackupJob(), (Stage.Fresh() with { SourceNode = "node-1" }).Stored().Job.Status!).Nodes, Is.EqualTo(new[] { "node-1" }));
    }
}
