using Walle.Controller.Pipeline.Manifests;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>
/// Only where the target is to be made: the controller has no credentials, so a worker chooses the snapshot and tells what the backup recorded of its claim.
/// Nothing is made before that: a wrong password or a backup that is not there leaves no empty claim behind.
/// </summary>
internal static class PlanStep
{
    public static RestoreDecision? Decide(RestoreObservation observation, ref RestoreJobStatus status)
    {
        if (observation.Job.Spec.Target.Create is not { } create || status.IsTrue(ConditionTypes.SnapshotChosen))
        {
            return null;
        }

        if (status.PlanAttempts is not > 0)
        {
            status = status with { PlanAttempts = 1 };
        }

        var decision = RestoreWork.Decide(observation, status, new WorkStep(
            ConditionTypes.SnapshotChosen, "the snapshot is being chosen", status.PlanAttempts ?? 1, ResourceNames.PlanJob,
            (attempt, seconds) => RestoreJobManifest.Plan(observation, attempt, seconds),
            (before, attempt) => before with { PlanAttempts = attempt }), out var result);
        if (result is null)
        {
            return decision;
        }

        if (result.SnapshotId is not { } id || !UploadRecord.IsSnapshotId(id))
        {
            return RestoreResult.Fail(observation, status, ConditionTypes.SnapshotChosen, Reason.ResultMissing, "the worker reported success but named no snapshot");
        }

        var claim = Plan(create, result);
        status = status with { ResticSnapshotId = id, SnapshotTime = result.SnapshotTime, FailedAttempts = null };
        if (Problem(observation, create, claim) is var (reason, message))
        {
            return RestoreResult.Fail(observation, status, ConditionTypes.SnapshotChosen, reason, message);
        }

        status = (status with { PlannedClaim = claim })
            .Reached(ConditionTypes.SnapshotChosen, $"snapshot {id[..8]} is restored", observation)
            .Pending(ConditionTypes.TargetReady, Reason.InProgress, "the target is being made", observation);
        return null;
    }

    private static PlannedClaim Plan(NewClaim create, WorkerResult result)
    {
        var recorded = result.Claim ?? new RecordedClaim();
        return new PlannedClaim
        {
            StorageClassName = create.StorageClassName ?? recorded.StorageClassName,
            Size = create.Size ?? (recorded.Size is { } size && Quantities.IsValid(size) ? size : null),
            AccessModes = create.AccessModes is { Count: > 0 } modes ? modes : recorded.AccessModes is { Count: > 0 } were ? were : ["ReadWriteOnce"],
            // Walle's own labels have a meaning to Walle.
            Labels = recorded.Labels?.Where(label => !label.Key.StartsWith(ApiGroup.Name + "/", StringComparison.Ordinal) && label.Key != WellKnown.ManagedByLabel)
                .ToDictionary(label => label.Key, label => label.Value),
            BytesNeeded = result.BytesNeeded,
        };
    }

    private static (Reason Reason, string Message)? Problem(RestoreObservation observation, NewClaim create, PlannedClaim claim)
    {
        if (claim.Size is null)
        {
            return (Reason.InvalidSpec, "spec.target.create.size: the backup did not record the size of its claim; write one, such as 10Gi");
        }

        // Of a part of the backup nobody knows the size. The size that was recorded held it all.
        var whole = observation.Job.Spec is { Include: null or [], Exclude: null or [] };
        return create.Size is not null && whole && claim.BytesNeeded is { } needed && Quantities.IsBelow(create.Size, needed)
            ? (Reason.TargetTooSmall, $"spec.target.create.size: the backup needs {Display.Bytes(needed)} and {create.Size} is less; nothing was made. Write more, or leave it out to take the recorded size")
            : null;
    }
}
