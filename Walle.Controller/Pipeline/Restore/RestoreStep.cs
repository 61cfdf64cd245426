using Walle.Controller.Pipeline.Manifests;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>The worker that restores, and its result.</summary>
internal static class RestoreStep
{
    public static RestoreDecision Decide(RestoreObservation observation, RestoreJobStatus status)
    {
        var attempt = status.Attempts ?? 1;
        if (TargetStep.IsLost(observation, status))
        {
            return TargetStep.Lost(observation, status, ConditionTypes.Restored);
        }

        // Looked for only when a worker is about to be made.
        if (TargetStep.InUse(observation, status, ConditionTypes.Restored, status.Since(ConditionTypes.Restored, observation.Now)) is { } used)
        {
            return used;
        }

        var decision = RestoreWork.Decide(observation, status, new WorkStep(
            ConditionTypes.Restored, "the worker is restoring", attempt, ResourceNames.RestoreJob,
            (number, seconds) => RestoreJobManifest.Restore(observation, number, seconds),
            (before, number) => before with { Attempts = number }), out var result);
        if (result is null)
        {
            return decision;
        }

        if (result.SnapshotId is not { } id || !UploadRecord.IsSnapshotId(id) || (status.ResticSnapshotId is { } planned && planned != id))
        {
            return RestoreResult.Fail(observation, status, ConditionTypes.Restored, Reason.ResultMissing, "the worker reported success but not the snapshot that it was made for; this is never taken for a restore");
        }

        status = Record(status, result);
        var message = $"restored from snapshot {id[..8]}: {status.FilesRestored ?? 0} files and folders, {Display.Bytes(status.BytesRestored ?? 0)}"
            + (status.Verified == true ? ", verified" : "")
            + (status.FilesSkipped > 0 && observation.Job.Spec.Overwrite == OverwriteMode.IfChanged ? $"; {status.FilesSkipped} with the same size and time were left as they were" : "")
            + (status.OwnershipRestored == false ? "; owners were not restored, since the worker was not root (options.worker.securityProfile Restricted): all files are its own user's" : "");
        return RestoreResult.Succeed(observation, status
            .Reached(ConditionTypes.SnapshotChosen, $"snapshot {id[..8]} is restored", observation)
            .Reached(ConditionTypes.Restored, message, observation), message);
    }

    /// <summary>Copies what a worker reported into the status; also that of a failed one, which may have written something.</summary>
    public static RestoreJobStatus Record(RestoreJobStatus status, WorkerResult? result) => result is null ? status : status with
    {
        ResticSnapshotId = result.SnapshotId is { } id && UploadRecord.IsSnapshotId(id) ? id : status.ResticSnapshotId,
        SnapshotTime = result.SnapshotTime ?? status.SnapshotTime,
        FilesRestored = result.FilesRestored,
        FilesSkipped = result.FilesSkipped,
        FilesDeleted = result.FilesDeleted,
        BytesRestored = result.BytesRestored,
        Verified = result.Verified,
        OwnershipRestored = result.OwnershipRestored,
        CommandExitCode = result.CommandExitCode,
        Sha256 = result.Sha256,
    };
}
