using Walle.Controller.Pipeline.GroupSnapshots;
using Walle.Controller.Pipeline.Hooks;
using Walle.Controller.Pipeline.Manifests;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Step 3: the VolumeSnapshot exists and is ready to use.</summary>
internal static class SnapshotStep
{
    private const int DefaultTimeoutSeconds = 600;

    public static PipelineDecision? Decide(BackupObservation observation, ref BackupJobStatus status)
    {
        if (status.IsTrue(ConditionTypes.SnapshotReady))
        {
            return null;
        }

        var volume = status.Volumes![0];
        var timeout = TimeSpan.FromSeconds(observation.Options.SnapshotTimeoutSeconds ?? DefaultTimeoutSeconds);
        // Before-hooks may take their time: the driver's begins when they are over.
        var hooked = HookState.Before(status).Max(hook => hook.CompletionTime) ?? DateTimeOffset.MinValue;
        var since = status.Since(ConditionTypes.SnapshotReady, observation.Now);
        var deadline = new Deadline(hooked > since ? hooked : since, timeout, observation.Now);
        var snapshot = observation.Snapshot;
        if (snapshot is null)
        {
            return GroupSnapshotStep.IsUsed(status) && observation.Group is { } group ? Await(observation, status, group, deadline) : Create(observation, status, deadline);
        }

        if (snapshot.ControllerUid != observation.Uid)
        {
            return Fail(observation, status, Reason.NameConflict, $"VolumeSnapshot {snapshot.Name.Name} exists and is not of this BackupJob; look at it with: kubectl -n {observation.Namespace} get volumesnapshot {snapshot.Name.Name} -o yaml");
        }

        if (snapshot.ReadyToUse)
        {
            status = status.Reached(ConditionTypes.SnapshotReady, Reason.Succeeded, "the VolumeSnapshot is ready to use", observation)
                .Pending(ConditionTypes.CloneBound, Reason.InProgress, "a temporary volume is being made from the snapshot", observation) with
            {
                Volumes = [volume with { VolumeSnapshotName = snapshot.Name.Name, VolumeSnapshotUid = snapshot.Uid, SnapshotTime = snapshot.CreationTime is { } cut ? ConditionSet.Seconds(cut) : status.StartTime }],
            };
            return null;
        }

        // status.error is not final: drivers retry for ever and clear it when they succeed (external-snapshotter, research/reliability.md 1.4).
        var message = snapshot.ErrorMessage is { } error
            ? $"VolumeSnapshot {snapshot.Name.Name} is not ready; its driver says: {error}"
            : snapshot.BoundContentName is null
                ? $"VolumeSnapshot {snapshot.Name.Name} is not ready: no snapshot controller has taken it up; check that the external-snapshotter runs"
                : $"VolumeSnapshot {snapshot.Name.Name} is not ready; see: kubectl describe volumesnapshotcontent {snapshot.BoundContentName}";
        return deadline.HasPassed
            ? Fail(observation, status, Reason.SnapshotTimeout, $"{message} (waited {Display.Duration(timeout)}, options.snapshotTimeoutSeconds)")
            : Wait(observation, status, snapshot.ErrorMessage is null ? "the volume is being snapshotted" : message, deadline);
    }

    private static PipelineDecision Create(BackupObservation observation, BackupJobStatus status, Deadline deadline)
    {
        if (observation.Source is null || observation.Source.Deleting)
        {
            return Fail(observation, status, Reason.SourceGone, $"PersistentVolumeClaim {observation.ClaimName} was deleted before it was snapshotted");
        }

        if (observation.Source.Uid != status.Volumes![0].ClaimUid)
        {
            return Fail(observation, status, Reason.SourceGone, $"PersistentVolumeClaim {observation.ClaimName} was deleted and made anew before it was snapshotted; create a new BackupJob");
        }

        if (observation.CloneClaim?.ControllerUid == observation.Uid)
        {
            // Its progress was not written yet when the controller was restarted. A new snapshot's time would be a lie about this clone.
            return Fail(observation, status, Reason.SnapshotLost, $"VolumeSnapshot {status.Volumes[0].VolumeSnapshotName} was deleted by somebody after a volume had been made from it; create a new BackupJob");
        }

        if (HookState.IsOver(status))
        {
            // A new one would be cut outside of the hooks' window.
            return Fail(observation, status, Reason.SnapshotLost, $"{What(status)} was deleted by somebody before it was ready; create a new BackupJob");
        }

        if (observation.ActionFailure is { } failure && (failure.IsFinal || deadline.HasPassed))
        {
            return Fail(observation, status, failure.Reason, failure.Message);
        }

        if (deadline.HasPassed)
        {
            // Every try ended in an error that might have passed: the API server, or a webhook of somebody, did not let it through.
            return Fail(observation, status, Reason.SnapshotTimeout,
                $"{What(status)} could not be created within {Display.Duration(deadline.Timeout)} (options.snapshotTimeoutSeconds); the controller's log says why");
        }

        var pending = status.HeldUp(ConditionTypes.SnapshotReady, observation.ActionFailure, observation);
        return GroupSnapshotStep.IsUsed(status)
            ? new PipelineDecision(BackupPhases.Derive(pending), new PipelineAction.CreateGroupSnapshot(status.VolumeGroupSnapshot!.Version!, VolumeGroupSnapshotManifest.Build(observation, status.VolumeGroupSnapshot)), GroupSnapshotStep.Look(observation, deadline))
            : new PipelineDecision(BackupPhases.Derive(pending), new PipelineAction.CreateSnapshot(VolumeSnapshotManifest.Build(observation, status.Volumes[0])), deadline.Remaining);
    }

    /// <summary>The VolumeGroupSnapshot is there, and its member for this volume is not.</summary>
    private static PipelineDecision Await(BackupObservation observation, BackupJobStatus status, GroupSnapshotFacts group, Deadline deadline)
    {
        if (group.ControllerUid != observation.Uid)
        {
            return Fail(observation, status, Reason.NameConflict, GroupSnapshotStep.Foreign(observation, group));
        }

        var message = GroupSnapshotStep.Describe(observation, group);
        return deadline.HasPassed
            ? Fail(observation, status, Reason.SnapshotTimeout, $"{message} (waited {Display.Duration(deadline.Timeout)}, options.snapshotTimeoutSeconds)")
            : Wait(observation, status, group.ErrorMessage is null ? "the volumes are being snapshotted as one" : message, deadline);
    }

    private static string What(BackupJobStatus status) =>
        GroupSnapshotStep.IsUsed(status) ? $"VolumeGroupSnapshot {status.VolumeGroupSnapshot!.Name}" : $"VolumeSnapshot {status.Volumes![0].VolumeSnapshotName}";

    private static PipelineDecision Wait(BackupObservation observation, BackupJobStatus status, string message, Deadline deadline) => new(
        BackupPhases.Derive(status.Pending(ConditionTypes.SnapshotReady, Reason.InProgress, message, observation)),
        RequeueAfter: GroupSnapshotStep.IsUsed(status) ? GroupSnapshotStep.Look(observation, deadline) : deadline.Remaining);

    private static PipelineDecision Fail(BackupObservation observation, BackupJobStatus status, Reason reason, string message) =>
        BackupResult.Fail(observation, status, ConditionTypes.SnapshotReady, reason, message);
}
