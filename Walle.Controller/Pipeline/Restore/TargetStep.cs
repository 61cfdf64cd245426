using Walle.Controller.Pipeline.Manifests;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>The claim that is restored into: there or not as the spec says, used by nobody, and bound.</summary>
internal static class TargetStep
{
    // Pods that are not Walle's are not watched.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public static RestoreDecision? Accept(RestoreObservation observation, ref RestoreJobStatus status)
    {
        if (status.IsTrue(ConditionTypes.Accepted))
        {
            return null;
        }

        status = status with { StartTime = status.StartTime ?? ConditionSet.Seconds(observation.Now), ObservedGeneration = observation.Job.Metadata.Generation };
        var (ns, name) = (observation.Namespace, observation.TargetName);
        var makes = observation.Job.Spec.Target.Create is not null;
        if (name == observation.RepositoryClaim)
        {
            return Refuse(observation, status, Reason.InvalidSpec, $"spec.target.claimName: PersistentVolumeClaim {name} holds the repository (spec.repository.volume); nothing is restored over it");
        }

        switch (observation.Target)
        {
            case null when !makes:
                return Refuse(observation, status, Reason.TargetNotFound, $"PersistentVolumeClaim {name} does not exist in namespace {ns}; make it, or set spec.target.create. List the claims with: kubectl -n {ns} get pvc");
            case { } found when makes && found.MadeFor != observation.Uid:
                return Refuse(observation, status, Reason.TargetExists, $"PersistentVolumeClaim {name} exists and spec.target.create is set; name another claim, or remove create (and set overwrite, if it is not empty)");
            case { VolumeMode: "Block" }:
                return Refuse(observation, status, Reason.UnsupportedVolumeMode, $"PersistentVolumeClaim {name} has volumeMode Block; Walle restores file systems (volumeMode Filesystem)");
            case { Deleting: true }:
                return Refuse(observation, status, Reason.TargetNotFound, $"PersistentVolumeClaim {name} is being deleted; see who holds it with: kubectl -n {ns} describe pvc {name}");
        }

        if (InUse(observation, status, ConditionTypes.Accepted, status.StartTime.Value) is { } used)
        {
            return used;
        }

        status = status.Reached(ConditionTypes.Accepted, "the target can be restored into", observation)
            .Pending(makes ? ConditionTypes.SnapshotChosen : ConditionTypes.TargetReady, Reason.InProgress, makes ? WorkerOutcome.Starting : "the target is being looked at", observation);
        return null;
    }

    /// <summary>Refused with the Pod's name. A Pod that is going away is waited for: its workload was scaled down a moment ago.</summary>
    public static RestoreDecision? InUse(RestoreObservation observation, RestoreJobStatus status, string type, DateTimeOffset since)
    {
        if (observation.TargetUser is not { } user)
        {
            return null;
        }

        var (ns, name) = (observation.Namespace, observation.TargetName);
        var message = $"Pod {user.Pod} {(user.Deleting ? "still mounts" : "mounts")} PersistentVolumeClaim {name}; scale its workload down (kubectl -n {ns} scale … --replicas=0)"
            + (user.Deleting ? "" : " and create a new RestoreJob");
        var deadline = new Deadline(since, RestorePipeline.BindTimeout(observation), observation.Now);
        return user.Deleting && !deadline.HasPassed
            ? new RestoreDecision(status.Pending(type, Reason.TargetInUse, message, observation).WithPhase(), RequeueAfter: LookAgain)
            : RestoreResult.Fail(observation, status, type, Reason.TargetInUse, message);
    }

    public static RestoreDecision? Decide(RestoreObservation observation, ref RestoreJobStatus status)
    {
        if (status.IsTrue(ConditionTypes.TargetReady))
        {
            return null;
        }

        var deadline = new Deadline(status.Since(ConditionTypes.TargetReady, observation.Now), RestorePipeline.BindTimeout(observation), observation.Now);
        if (observation.Target is not { } target)
        {
            return observation.Job.Spec.Target.Create is not null && status.TargetUid is null ? Create(observation, status, deadline) : Lost(observation, status, ConditionTypes.TargetReady);
        }

        if (observation.Job.Spec.Target.Create is not null && target.MadeFor != observation.Uid)
        {
            return Refuse(observation, status, ConditionTypes.TargetReady, Reason.TargetExists, $"PersistentVolumeClaim {observation.TargetName} was made by somebody else meanwhile; name another claim, or remove spec.target.create");
        }

        if (IsLost(observation, status))
        {
            return Lost(observation, status, ConditionTypes.TargetReady);
        }

        status = status with { TargetUid = target.Uid, CreatedTarget = observation.Job.Spec.Target.Create is not null };
        if (target.Phase == "Bound" || observation.TargetWaitsForConsumer)
        {
            status = (status with { Attempts = 1, FailedAttempts = null }).Reached(ConditionTypes.TargetReady, target.Phase == "Bound" ? "the target is bound" : "the target is bound with its worker (WaitForFirstConsumer)", observation)
                .Pending(ConditionTypes.Restored, Reason.InProgress, WorkerOutcome.Starting, observation);
            return null;
        }

        return deadline.HasPassed
            ? Refuse(observation, status, ConditionTypes.TargetReady, Reason.TargetNotBound,
                $"PersistentVolumeClaim {observation.TargetName} was not bound within {Display.Duration(deadline.Timeout)} (options.bindTimeoutSeconds); see why with: kubectl -n {observation.Namespace} describe pvc {observation.TargetName}")
            : new RestoreDecision(status.Pending(ConditionTypes.TargetReady, Reason.InProgress, "the target is being bound", observation).WithPhase(), RequeueAfter: deadline.Remaining);
    }

    /// <summary>Deleted, or replaced by another claim of the same name: what is there now nobody has looked at.</summary>
    public static bool IsLost(RestoreObservation observation, RestoreJobStatus status) =>
        observation.Target is not { Deleting: false, Phase: not "Lost" } target || (status.TargetUid is { } known && known != target.Uid);

    public static RestoreDecision Lost(RestoreObservation observation, RestoreJobStatus status, string type) =>
        Refuse(observation, status, type, Reason.TargetLost, $"PersistentVolumeClaim {observation.TargetName} was deleted or replaced during the restore; create a new RestoreJob");

    private static RestoreDecision Create(RestoreObservation observation, RestoreJobStatus status, Deadline deadline)
    {
        var claim = status.PlannedClaim!;
        if (observation.StorageClassIsMissing)
        {
            return Refuse(observation, status, ConditionTypes.TargetReady, Reason.StorageClassMissing,
                $"StorageClass {claim.StorageClassName} does not exist in this cluster; name one in spec.target.create.storageClassName. List them with: kubectl get storageclass");
        }

        if (observation.ActionFailure is { } failure && (failure.IsFinal || deadline.HasPassed))
        {
            return Refuse(observation, status, ConditionTypes.TargetReady, failure.Reason, failure.Message);
        }

        if (deadline.HasPassed)
        {
            return Refuse(observation, status, ConditionTypes.TargetReady, Reason.TargetNotBound,
                $"PersistentVolumeClaim {observation.TargetName} could not be created within {Display.Duration(deadline.Timeout)} (options.bindTimeoutSeconds); the controller's log says why");
        }

        var pending = observation.ActionFailure is null
            ? status.Pending(ConditionTypes.TargetReady, Reason.InProgress, "the target is being made", observation)
            : status.HeldUp(ConditionTypes.TargetReady, observation.ActionFailure, observation);
        return new RestoreDecision(pending.WithPhase(), new PipelineAction.CreateTarget(TargetManifest.Build(observation, claim, status.ResticSnapshotId)), deadline.Remaining);
    }

    private static RestoreDecision Refuse(RestoreObservation observation, RestoreJobStatus status, Reason reason, string message) =>
        RestoreResult.Fail(observation, status, ConditionTypes.Accepted, reason, message);

    private static RestoreDecision Refuse(RestoreObservation observation, RestoreJobStatus status, string type, Reason reason, string message) =>
        RestoreResult.Fail(observation, status, type, reason, message);
}
