using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Hooks;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;
using static Walle.Tests.Pipeline.GroupSnapshots.GroupSnapshotStage;

namespace Walle.Tests.Pipeline.GroupSnapshots;

/// <summary>From the group to its members, and away again.</summary>
internal sealed class GroupSnapshotStepTests
{
    private static readonly TimeSpan ASecond = TimeSpan.FromSeconds(1);

    [Test]
    public void One_group_is_made_for_all_volumes()
    {
        var create = Expect.Acts<PipelineAction.CreateGroupSnapshot>(Snapshotting("data", "log"));
        Assert.Multiple(() =>
        {
            Assert.That(create.Version, Is.EqualTo("v1"));
            Assert.That(create.Manifest["metadata"]!["name"]!.GetValue<string>(), Is.EqualTo(Name));
            Assert.That(create.Manifest["spec"]!["source"]!["selector"]!.ToJsonString(), Is.EqualTo("""{"matchLabels":{"app":"db","tier":"data"}}"""));
        });
    }

    [Test]
    public void Its_members_are_looked_for_soon_and_its_UID_is_noted()
    {
        var decision = Snapshotting("data", "log").WithGroup(Group).Settled().Decide();
        Assert.That(decision.Action, Is.Null);
        Assert.That(decision.RequeueAfter, Is.LessThan(ASecond), "no event tells of them, and an application may be held");
        Assert.That(decision.Status.VolumeGroupSnapshot!.Uid, Is.EqualTo(GroupUid));
        Assert.That(decision.Status.Find(ConditionTypes.SnapshotReady)!.Message, Does.Contain("0 of 2"));
    }

    [Test]
    public void A_member_is_cloned_under_its_own_name()
    {
        var whole = Snapshotting("data", "log").WithGroup(Cut).WithMember("data", Member("data")).WithMember("log", Member("log")).Settled();
        Assert.That(whole.Job.Status!.Volumes!.Select(volume => (volume.VolumeSnapshotName, volume.VolumeSnapshotUid)), Is.EqualTo(new[] { ("snapshot-of-data", "uid-of-data"), ("snapshot-of-log", "uid-of-log") }));
        Assert.That(whole.Job.Status!.SkewSeconds, Is.Zero);
        Assert.That(Expect.Acts<PipelineAction.CreateClone>(whole).Manifest.Spec.DataSource.Name, Is.EqualTo("snapshot-of-data"));
    }

    [Test]
    public void A_cut_group_lets_the_application_go_before_its_members_can_be_seen()
    {
        Assert.That(AfterHookStep.IsCut(Snapshotting("data", "log").WithGroup(Group), Snapshotting("data", "log").Job.Status!), Is.False);
        Assert.That(AfterHookStep.IsCut(Snapshotting("data", "log").WithGroup(Cut), Snapshotting("data", "log").Job.Status!), Is.True);
    }

    [Test]
    public void A_member_that_never_comes_fails_the_volume_with_the_words_of_the_driver()
    {
        var late = Snapshotting("data", "log").Later(TimeSpan.FromMinutes(11));
        Told(late.WithGroup(Group with { BoundContentName = "c", ErrorMessage = "the array is on fire" }), "its driver says: the array is on fire", "options.snapshotTimeoutSeconds");
        Told(late.WithGroup(Group), "feature gate CSIVolumeGroupSnapshot");
        Told(late.WithGroup(Group with { BoundContentName = "c" }), "kubectl describe volumegroupsnapshotcontent c");
        Told(late.WithGroup(Cut), "no VolumeSnapshot of PersistentVolumeClaim data");

        static void Told(BackupObservation whole, params string[] words)
        {
            var decision = whole.Settled().Decide();
            Assert.That(decision.Status.Reason, Is.EqualTo(nameof(Reason.SnapshotTimeout)));
            foreach (var word in words)
                Assert.That(decision.Status.Message, Does.Contain(word));
        }
    }

    [Test]
    public void A_foreign_group_of_the_same_name_is_left_alone()
    {
        var ended = Snapshotting("data", "log").WithGroup(Group with { ControllerUid = "somebody" }).Settled();
        Assert.That(ended.Job.Status!.Reason, Is.EqualTo(nameof(Reason.NameConflict)));
        Assert.That(ended.Job.Status!.VolumeGroupSnapshot!.Uid, Is.Null);
        Assert.That(ended.Decide().Action, Is.Not.InstanceOf<PipelineAction.DeleteGroupSnapshot>());
    }

    [Test]
    public void A_refused_group_is_tried_again_until_the_deadline()
    {
        var refused = Snapshotting("data", "log");
        refused = refused with { Parts = [.. refused.Parts.Select(part => part with { ActionFailure = new ActionFailure(Reason.Forbidden, "no", IsFinal: false) })] };
        Expect.Acts<PipelineAction.CreateGroupSnapshot>(refused.Settled());
        Assert.That(refused.Later(TimeSpan.FromMinutes(11)).Settled().Decide().Status, Has.Property("Reason").EqualTo(nameof(Reason.Forbidden)).And.Property("Phase").EqualTo(BackupPhase.CleaningUp));
    }

    [Test]
    public void Clean_up_deletes_the_group_and_waits_for_its_members()
    {
        var whole = Snapshotting("data", "log").WithGroup(Cut).WithMember("data", Member("data")).WithMember("log", Member("log")).Settled();
        var ended = whole.WithStatus(BackupResult.Fail(whole, whole.Job.Status!, Reason.Cancelled, "over").Status);
        Assert.That(ended.Decide().Action, Is.EqualTo(new PipelineAction.DeleteGroupSnapshot("v1", Name, GroupUid)));
        var going = ended.WithGroup(Cut with { Deleting = true });
        Assert.That((going.Decide().Action, going.Decide().RequeueAfter), Is.EqualTo(((PipelineAction?)null, (TimeSpan?)TimeSpan.FromSeconds(2))));
        var members = ended.WithGroup(null);
        Assert.That(members.Decide().Action, Is.Null, "a member is not Walle's to delete");
        Assert.That((members with { ConfirmedGone = true }).Decide().Status.IsTrue(ConditionTypes.CleanedUp), Is.False);
        var gone = members.WithMember("data", null).WithMember("log", null) with { ConfirmedGone = true };
        Assert.That(gone.Decide().Status.IsTrue(ConditionTypes.CleanedUp));
    }
}
