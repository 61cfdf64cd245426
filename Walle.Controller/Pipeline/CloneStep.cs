using Walle.Controller.Pipeline.Manifests;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>
/// Step 4: the temporary claim made from the snapshot. With binding mode Immediate it is Bound before the worker is made (a Pod that starts
/// earlier loses 12-15 s to kubelet's back-off); with WaitForFirstConsumer claim and worker are made together.
/// </summary>
internal static class CloneStep
{
    private const int DefaultTimeoutSeconds = 600;

    public static PipelineDecision? Decide(BackupObservation observation, ref BackupJobStatus status)
    {
        if (status.IsTrue(ConditionTypes.CloneBound))
        {
            return null;
        }

        var timeout = TimeSpan.FromSeconds(observation.Options.BindTimeoutSeconds ?? DefaultTimeoutSeconds);
        var deadline = new Deadline(status.Since(ConditionTypes.CloneBound, observation.Now), timeout, observation.Now);
        var clone = observation.CloneClaim;
        if (clone is null)
        {
            return Create(observation, status, deadline);
        }

        if (clone.ControllerUid != observation.Uid)
        {
            return Fail(observation, status, Reason.NameConflict, $"PersistentVolumeClaim {clone.Name.Name} exists and is not of this BackupJob; look at it with: kubectl -n {observation.Namespace} get pvc {clone.Name.Name} -o yaml");
        }

        if (clone.Deleting)
        {
            return Fail(observation, status, Reason.CloneLost, $"the temporary PersistentVolumeClaim {clone.Name.Name} was deleted by somebody; create a new BackupJob");
        }

        if (clone.Phase == "Bound")
        {
            status = status.Reached(ConditionTypes.CloneBound, Reason.Succeeded, "the temporary volume is bound", observation);
            status = UploadStep.Begin(observation, status);
            return null;
        }

        if (deadline.HasPassed)
        {
            return Fail(observation, status, Reason.CloneTimeout,
                $"the temporary PersistentVolumeClaim {clone.Name.Name} (StorageClass {clone.StorageClassName}) was not bound within {Display.Duration(timeout)} (options.bindTimeoutSeconds); look at the provisioner's log and at: kubectl -n {observation.Namespace} get events --field-selector involvedObject.name={clone.Name.Name}");
        }

        if (observation.CloneWaitsForConsumer)
        {
            status = UploadStep.Begin(observation, status);
            return null;
        }

        return Wait(observation, status, deadline);
    }

    private static PipelineDecision Create(BackupObservation observation, BackupJobStatus status, Deadline deadline)
    {
        var volume = status.Volumes![0];
        if (observation.Snapshot is not { Deleting: false } snapshot || snapshot.ControllerUid != observation.Uid || snapshot.Uid != volume.VolumeSnapshotUid)
        {
            return Fail(observation, status, Reason.SnapshotLost, $"VolumeSnapshot {volume.VolumeSnapshotName} was deleted by somebody before a volume was made from it; create a new BackupJob");
        }

        if (observation.ActionFailure is { } failure && (failure.IsFinal || deadline.HasPassed))
        {
            return Fail(observation, status, failure.Reason, failure.Message);
        }

        if (deadline.HasPassed)
        {
            // Every try ended in an error that might have passed: the API server, or a webhook of somebody, did not let it through.
            return Fail(observation, status, Reason.CloneTimeout,
                $"the temporary PersistentVolumeClaim could not be created within {Display.Duration(deadline.Timeout)} (options.bindTimeoutSeconds); the controller's log says why");
        }

        if (!snapshot.ReadyToUse)
        {
            // It was ready when that was written down: the store shows an older state, and a snapshot does not become unready.
            return Wait(observation, status, deadline);
        }

        if (ClonePvcManifest.Size(observation) is not { } size)
        {
            return Fail(observation, status, Reason.SourceGone,
                $"neither the driver nor the source says how large the temporary volume must be (PersistentVolumeClaim {observation.ClaimName} is gone); set options.clone.size");
        }

        var pending = status.HeldUp(ConditionTypes.CloneBound, observation.ActionFailure, observation);
        return new PipelineDecision(BackupPhases.Derive(pending), new PipelineAction.CreateClone(ClonePvcManifest.Build(observation, snapshot.Name.Name, size)), deadline.Remaining);
    }

    private static PipelineDecision Wait(BackupObservation observation, BackupJobStatus status, Deadline deadline) =>
        new(BackupPhases.Derive(status.Pending(ConditionTypes.CloneBound, Reason.InProgress, "a temporary volume is being made from the snapshot", observation)), RequeueAfter: deadline.Remaining);

    private static PipelineDecision Fail(BackupObservation observation, BackupJobStatus status, Reason reason, string message) =>
        BackupResult.Fail(observation, status, ConditionTypes.CloneBound, reason, message);
}
