using System.Text.Json;
using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Pipeline.Restore;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.Json;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Restore;

internal sealed class RestorePipelineTests
{
    [Test]
    public void The_finalizer_comes_first() =>
        Assert.That(RestoreStage.Fresh(RestoreStage.Job() with { Metadata = RestoreStage.Job().Metadata with { Finalizers = null } }).Decide().Action, Is.InstanceOf<PipelineAction.AddFinalizer>());

    [Test]
    public void A_target_that_exists_takes_one_worker()
    {
        var starting = RestoreStage.Starting();
        Assert.That(Acts<PipelineAction.CreateJob>(starting).Manifest.Metadata.Name, Is.EqualTo(ResourceNames.RestoreJob(A.Uid, 1)));
        Assert.That(starting.Job.Status, Has.Property("Attempts").EqualTo(1).And.Property("PlanAttempts").Null.And.Property("Phase").EqualTo(RestorePhase.Restoring));
        var ended = RestoreStage.Restoring().Stored().WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Ended(0, RestoreStage.Json(RestoreStage.Restored), "Completed")).Decide().Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ended.IsTrue(ConditionTypes.Complete), ended.Message);
            Assert.That((ended.ResticSnapshotId, ended.SnapshotTime, ended.FilesRestored, ended.FilesSkipped, ended.FilesDeleted, ended.BytesRestored, ended.Verified, ended.OwnershipRestored),
                Is.EqualTo((A.SnapshotId, (DateTimeOffset?)A.Noon.AddDays(-1), (long?)7, (long?)0, (long?)1, (long?)4096, (bool?)true, (bool?)true)));
            Assert.That(ended.Phase, Is.EqualTo(RestorePhase.CleaningUp));
            Assert.That(ended.TargetUid, Is.EqualTo(A.CloneUid));
            Assert.That(ended.CreatedTarget, Is.False);
        }
    }

    [Test]
    public void The_lock_of_a_dead_worker_is_removed_and_the_next_attempt_follows_at_once()
    {
        const string Host = "walle-0123456789abcdef0123-x7k2p";
        var locked = RestoreStage.Restoring().Stored().WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Ended(WorkerExitCode.RepositoryLocked, RestoreStage.Json(new WorkerResult
        {
            ExitCode = WorkerExitCode.RepositoryLocked, Reason = nameof(Reason.RepositoryLocked), Message = "locked", Locks = [new RepositoryLock { Id = A.SnapshotId, Host = Host, Time = A.Noon, Exclusive = true }],
        }))) with
        { Holders = new Dictionary<string, LockHolder> { [Host] = LockHolder.Dead } };
        var next = locked.Stored();
        Assert.That((next.Job.Status!.Attempts, next.Job.Status.FailedAttempts), Is.EqualTo(((int?)2, (int?)0)), next.Job.Status.Message);
        var unlock = Acts<PipelineAction.CreateJob>(next).Manifest;
        Assert.That(unlock.Spec.Template.Spec.Hostname, Is.EqualTo(Host));
        var pod = new PodBuilder(new JobBuilder(unlock.Metadata.Name, WorkerVerb.Unlock)).Succeeded();
        var removed = next with { Jobs = [.. next.Jobs, new JobBuilder(unlock.Metadata.Name, WorkerVerb.Unlock)], Pods = [.. next.Pods, pod] };
        Assert.That(Acts<PipelineAction.CreateJob>(removed).Manifest.Metadata.Name, Is.EqualTo(ResourceNames.RestoreJob(A.Uid, 2)));
    }

    [Test]
    public void A_target_to_be_made_is_planned_made_and_restored_into()
    {
        var planning = RestoreStage.Fresh(RestoreStage.Making()).Stored();
        Assert.That(Acts<PipelineAction.CreateJob>(planning).Manifest.Metadata.Name, Is.EqualTo(ResourceNames.PlanJob(A.Uid, 1)));
        var creating = RestoreStage.Creating();
        Assert.That(creating.Job.Status, Has.Property("ResticSnapshotId").EqualTo(A.SnapshotId).And.Property("Phase").EqualTo(RestorePhase.CreatingTarget));
        Assert.That(JsonSerializer.Serialize(creating.Job.Status, CrdJsonContext.Default.RestoreJobStatus), Does.Contain("\"part\":\"\""), "a label may be empty");
        var claim = Acts<PipelineAction.CreateTarget>(creating).Manifest;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((claim.Metadata.Name, claim.Spec.StorageClassName, claim.Spec.Resources.Requests["storage"].ToString(), claim.Spec.AccessModes[0]), Is.EqualTo((RestoreStage.Target, "slow", "8Gi", "ReadWriteMany")));
            Assert.That(claim.Metadata.Labels, Is.EqualTo(new Dictionary<string, string> { ["app"] = "db", ["part"] = "" }), "Walle's own labels mean something to Walle");
            Assert.That(claim.Metadata.OwnerReferences, Is.Null);
            Assert.That(claim.Metadata.Annotations["ros.io/restore-uid"], Is.EqualTo(A.Uid));
        }

        var waiting = (creating with { Target = RestoreStage.Made }).Decide();
        Assert.That((waiting.Action, waiting.Status.Message), Is.EqualTo(((PipelineAction?)null, "the target is being bound")));
        var bound = (creating with { Target = RestoreStage.Made with { Phase = "Bound" } }).Stored();
        var arguments = Acts<PipelineAction.CreateJob>(bound).Manifest.Spec.Template.Spec.Containers[0].Args;
        Assert.That(string.Join(' ', arguments), Does.Contain($"--snapshot {A.SnapshotId}"), "the one that was chosen, also when a newer one has come");
        Assert.That((creating with { Target = RestoreStage.Made, TargetWaitsForConsumer = true }).Stored().Decide().Action, Is.InstanceOf<PipelineAction.CreateJob>());
    }

    [Test]
    public void What_the_user_says_of_the_claim_wins_and_what_nobody_says_is_asked_for()
    {
        var said = Acts<PipelineAction.CreateTarget>(RestoreStage.Creating(RestoreStage.Making(new NewClaim { StorageClassName = "fast", Size = "20Gi", AccessModes = ["ReadWriteOncePod"] }))).Manifest;
        Assert.That((said.Spec.StorageClassName, said.Spec.Resources.Requests["storage"].ToString(), said.Spec.AccessModes[0]), Is.EqualTo(("fast", "20Gi", "ReadWriteOncePod")));
        var nothing = RestoreStage.Planned with { Claim = null };
        Fails(RestoreStage.Creating(planned: nothing), Reason.InvalidSpec, "target.create.size");
        Fails(RestoreStage.Creating(planned: nothing with { Claim = new() { Size = "as large as possible" } }), Reason.InvalidSpec, "target.create.size");
        var sized = Acts<PipelineAction.CreateTarget>(RestoreStage.Creating(RestoreStage.Making(new NewClaim { Size = "5Gi" }), nothing)).Manifest;
        Assert.That((sized.Spec.StorageClassName, sized.Spec.AccessModes[0]), Is.EqualTo(((string?)null, "ReadWriteOnce")));
        Fails(RestoreStage.Creating(RestoreStage.Making(new NewClaim { Size = "4Gi" })), Reason.TargetTooSmall, "5 GiB");
        Assert.That(RestoreStage.Creating(RestoreStage.Making(new NewClaim { Size = "4Gi" }, spec => spec with { Include = ["/etc"] })).Decide().Action, Is.InstanceOf<PipelineAction.CreateTarget>(), "of a part nobody knows the size");
    }

    [Test]
    public void What_the_target_must_be_is_refused_before_anything_is_made()
    {
        Fails(RestoreStage.Fresh() with { Target = null }, Reason.TargetNotFound, "kubectl");
        Fails(RestoreStage.Fresh(RestoreStage.Making()) with { Target = RestoreStage.Bound }, Reason.TargetExists, "create");
        Fails(
            RestoreStage.Fresh(RestoreStage.Job(spec => spec with { Repository = spec.Repository with { Volume = new RepositoryVolume { ClaimName = spec.Target.ClaimName! } } })),
            Reason.InvalidSpec, "holds the repository");
        Fails(RestoreStage.Fresh() with { Target = RestoreStage.Bound with { VolumeMode = "Block" } }, Reason.UnsupportedVolumeMode, "Block");
        Fails(RestoreStage.Fresh() with { Target = RestoreStage.Bound with { Deleting = true } }, Reason.TargetNotFound, "being deleted");
        Fails(RestoreStage.Fresh() with { TargetUser = new TargetUser("shop-0", Deleting: false) }, Reason.TargetInUse, "shop-0");
        Fails(RestoreStage.Starting() with { TargetUser = new TargetUser("shop-0", Deleting: false) }, Reason.TargetInUse, "shop-0");
        Fails(RestoreStage.Fresh(RestoreStage.Job(spec => spec with { DeleteExtra = true })), Reason.InvalidSpec, "overwrite");
        Fails(RestoreStage.Fresh(RestoreStage.Job() with { DecodeError = "spec.verify: the value has the wrong type" }), Reason.InvalidSpec, "spec.verify");
        Fails(RestoreStage.Creating() with { StorageClassIsMissing = true }, Reason.StorageClassMissing, "slow");
        Fails(RestoreStage.Creating() with { Target = RestoreStage.Bound }, Reason.TargetExists, "somebody else");
    }

    [Test]
    public void A_Pod_that_goes_away_is_waited_for_and_not_for_ever()
    {
        var used = RestoreStage.Fresh() with { TargetUser = new TargetUser("shop-0", Deleting: true) };
        var decision = used.Decide();
        Assert.That((decision.Action, decision.Status.Reason, RestoreResult.IsKnown(decision.Status)), Is.EqualTo(((PipelineAction?)null, nameof(Reason.TargetInUse), false)));
        Assert.That(decision.RequeueAfter, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)));
        Fails(used.Stored().After(TimeSpan.FromSeconds(601)), Reason.TargetInUse, "shop-0");
    }

    [Test]
    public void A_target_that_goes_or_is_replaced_is_lost()
    {
        var restoring = RestoreStage.Restoring().Stored();
        Fails(restoring with { Target = null }, Reason.TargetLost, RestoreStage.Target);
        Fails(restoring with { Target = RestoreStage.Bound with { Uid = "another" } }, Reason.TargetLost, RestoreStage.Target);
        Fails(restoring with { Target = RestoreStage.Bound with { Deleting = true } }, Reason.TargetLost, RestoreStage.Target);
    }

    [Test]
    public void Every_wait_has_an_end()
    {
        Fails((RestoreStage.Creating() with { Target = RestoreStage.Made }).Stored().After(TimeSpan.FromSeconds(601)), Reason.TargetNotBound, "bindTimeoutSeconds");
        Fails(RestoreStage.Restoring().Stored().After(TimeSpan.FromSeconds(21_601)), Reason.DeadlineExceeded, "activeDeadlineSeconds");
        Fails((RestoreStage.Starting() with { Jobs = [RestoreStage.Restore()] }).After(TimeSpan.FromSeconds(301)), Reason.StartTimeout, "startTimeoutSeconds");
        var planning = RestoreStage.Fresh(RestoreStage.Making()).Stored() with { Jobs = [RestoreStage.Plan()] };
        Assert.That(planning.Decide().Status.Message, Is.EqualTo(WorkerOutcome.Starting), "nothing was disrupted");
        Fails(planning.Stored().After(TimeSpan.FromSeconds(301)), Reason.StartTimeout, "startTimeoutSeconds");
        Fails((RestoreStage.Fresh() with { ReadFailure = new ActionFailure(Reason.Forbidden, "cannot get", IsFinal: false) }).Stored().After(TimeSpan.FromSeconds(601)), Reason.Forbidden, "cannot get");
        Fails((RestoreStage.Starting() with { ActionFailure = new ActionFailure(Reason.QuotaExceeded, "quota", IsFinal: false) }).After(TimeSpan.FromSeconds(21_601)), Reason.QuotaExceeded, "quota");
    }

    [Test]
    public void What_may_pass_is_tried_again_with_the_same_snapshot_and_not_for_ever()
    {
        var failed = RestoreStage.Restoring().Stored().WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Failed(1, Reason.RepositoryUnreachable, "no route", A.SnapshotId));
        var again = failed.Stored();
        Assert.That(again.Job.Status, Has.Property("Attempts").EqualTo(2).And.Property("FailedAttempts").EqualTo(1).And.Property("ResticSnapshotId").EqualTo(A.SnapshotId));
        Assert.That(again.Decide().Action, Is.Null, "after a back-off");
        var manifest = Acts<PipelineAction.CreateJob>(again with { Pods = [], Now = A.Noon.AddMinutes(3) }).Manifest;
        Assert.That(manifest.Metadata.Name, Is.EqualTo(ResourceNames.RestoreJob(A.Uid, 2)));
        Assert.That(string.Join(' ', manifest.Spec.Template.Spec.Containers[0].Args), Does.Contain($"--snapshot {A.SnapshotId}"));
        var last = again with { Job = again.Job with { Status = again.Job.Status! with { Attempts = 3, FailedAttempts = 2 } } };
        Fails(last.WithPod(RestoreStage.Restore(3), RestoreStage.Restore(3).Pod().Failed(1, Reason.RepositoryUnreachable)), Reason.RepositoryUnreachable, "attempt 3");
    }

    [TestCase(Reason.WrongPassword)]
    [TestCase(Reason.RepositoryNotFound)]
    [TestCase(Reason.BackupNotFound)]
    [TestCase(Reason.ForeignBackup)]
    [TestCase(Reason.TargetNotEmpty)]
    [TestCase(Reason.TargetTooSmall)]
    [TestCase(Reason.RestoreIncomplete)]
    [TestCase(Reason.NothingMatched)]
    public void What_cannot_pass_ends_at_once(Reason reason) =>
        Fails(RestoreStage.Restoring().Stored().WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Failed(1, reason)), reason, "it did not work");

    [Test]
    public void A_restore_of_a_part_of_the_backup_is_never_Complete()
    {
        var partial = RestoreStage.Json(RestoreStage.Restored with { ExitCode = 3, Reason = nameof(Reason.RestoreIncomplete), Message = "2 files or folders could not be restored" });
        var status = RestoreStage.Restoring().Stored().WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Ended(3, partial)).Decide().Status;
        Assert.That((status.IsTrue(ConditionTypes.Complete), status.IsTrue(ConditionTypes.Failed), status.FilesRestored), Is.EqualTo((false, true, (long?)7)));
        Assert.That((status with { Conditions = [.. status.Conditions!, new Condition { Type = ConditionTypes.CleanedUp, Status = "True" }] }).WithPhase().Phase, Is.EqualTo(RestorePhase.PartiallySucceeded));
    }

    [Test]
    public void A_success_without_the_snapshot_that_was_chosen_is_none()
    {
        foreach (var result in new[] { RestoreStage.Restored with { SnapshotId = null }, RestoreStage.Restored with { SnapshotId = "x" } })
            Fails(RestoreStage.Restoring().Stored().WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Ended(0, RestoreStage.Json(result), "Completed")), Reason.ResultMissing, "snapshot");
        var other = (RestoreStage.Creating() with { Target = RestoreStage.Made with { Phase = "Bound" } }).Stored();
        Fails(other.WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Ended(0, RestoreStage.Json(RestoreStage.Restored with { SnapshotId = A.OldSnapshotId }), "Completed")), Reason.ResultMissing, "snapshot");
    }

    [Test]
    public void A_worker_that_still_ends_is_waited_for_before_the_next_one_is_made()
    {
        var starting = RestoreStage.Starting() with { Pods = [RestoreStage.Restore().Pod().Running()] };
        Assert.That(starting.Decide().Action, Is.Null, "never two that write into one volume");
    }

    [Test]
    public void Clean_up_deletes_the_Jobs_and_nothing_else()
    {
        var ended = RestoreStage.Restoring().Stored().WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Ended(0, RestoreStage.Json(RestoreStage.Restored), "Completed")).Stored();
        Assert.That(Acts<PipelineAction.DeleteJob>(ended).Name, Is.EqualTo(ResourceNames.RestoreJob(A.Uid, 1)));
        var podsLeft = ended with { Jobs = [] };
        Assert.That(podsLeft.Decide().Action, Is.Null);
        var clean = (podsLeft with { Pods = [], ConfirmedGone = true }).Stored();
        Assert.That(clean.Job.Status!.Phase, Is.EqualTo(RestorePhase.Succeeded));
        Acts<PipelineAction.RemoveFinalizer>(clean);
        var stuck = podsLeft.After(TimeSpan.FromMinutes(11)).Stored();
        Assert.That(stuck.Job.Status!.Find(ConditionTypes.CleanedUp)!.Reason, Is.EqualTo(nameof(Reason.CleanupTimeout)));
        Acts<PipelineAction.RemoveFinalizer>(stuck);
    }

    [Test]
    public void A_deleted_RestoreJob_stops_its_worker_first()
    {
        var restoring = RestoreStage.Restoring().Stored();
        var deleted = restoring with { Job = restoring.Job with { Metadata = restoring.Job.Metadata with { DeletionTimestamp = A.Noon } } };
        Fails(deleted, Reason.Cancelled, "deleted");
        Acts<PipelineAction.DeleteJob>(deleted.Stored());
        Assert.That(deleted.After(TimeSpan.FromMinutes(11)).Decide().Action, Is.InstanceOf<PipelineAction.RemoveFinalizer>());
    }

    [Test]
    public void The_end_is_an_Event_and_so_is_each_problem_once()
    {
        var before = RestoreStage.Restoring().Stored().Job.Status!;
        var failed = RestoreStage.Restoring().Stored().WithPod(RestoreStage.Restore(), RestoreStage.Restore().Pod().Failed(1, Reason.TargetNotEmpty)).Decide().Status;
        Assert.That(RestoreOccurrence.Between(before, failed), Is.EqualTo(new OccurrenceRule("Warning", nameof(Reason.TargetNotEmpty), failed.Message!)));
        Assert.That(RestoreOccurrence.Between(failed, failed), Is.Null);
        Assert.That(RestoreOccurrence.Between(null, before), Is.Null);
    }

    private static void Fails(RestoreObservation observation, Reason reason, string words)
    {
        // A status that is over was written by the stage itself.
        var status = observation.Job.Status is { } stored && RestoreResult.IsKnown(stored) ? stored : observation.Decide().Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.Reason, Is.EqualTo(reason.ToString()), status.Message);
            Assert.That(status.IsTrue(ConditionTypes.Failed), "Failed");
            Assert.That(status.IsTrue(ConditionTypes.Complete), Is.False, "Complete");
            Assert.That(status.Message, Does.Contain(words));
            Assert.That(status.CompletionTime, Is.Not.Null);
        }
    }

    private static T Acts<T>(RestoreObservation observation)
        where T : PipelineAction
    {
        var decision = observation.Decide();
        Assert.That(decision.Action, Is.InstanceOf<T>(), decision.Status.Message);
        Assert.That(RestoreJobClient.Differs(observation.Job.Status, decision.Status), Is.False, $"the status is written before the action: {decision.Status.Message}");
        return (T)decision.Action!;
    }
}
