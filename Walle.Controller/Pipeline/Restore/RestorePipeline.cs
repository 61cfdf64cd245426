using Walle.Controller.Pipeline.Manifests;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Crds.Validation;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>
/// Decides what comes next for a RestoreJob, as <see cref="BackupPipeline"/> does for a backup: accept the target; where it is to be made, let a worker
/// choose the snapshot and make the claim from what the backup recorded; restore; clean up. A dump may go into a command
/// instead of a claim (<see cref="CommandStep"/>).
/// </summary>
internal static class RestorePipeline
{
    private const int DefaultBindTimeoutSeconds = 600;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    public static RestoreDecision Decide(RestoreObservation observation)
    {
        var job = observation.Job;
        var status = job.Status ?? new RestoreJobStatus();
        if (RestoreCleanup.MustLetGo(observation))
        {
            return new RestoreDecision(status, new PipelineAction.RemoveFinalizer());
        }

        if (RestoreResult.IsKnown(status))
        {
            return RestoreCleanup.Decide(observation, status);
        }

        if (job.Metadata.DeletionTimestamp is not null)
        {
            return RestoreResult.Fail(observation, status, Reason.Cancelled, "the RestoreJob was deleted before it ended");
        }

        if (Refusal(job) is { } refusal)
        {
            return RestoreResult.Fail(observation, status, ConditionTypes.Accepted, Reason.InvalidSpec, refusal);
        }

        if (observation.ActionFailure is { Reason: Reason.NamespaceTerminating } terminating)
        {
            return RestoreResult.Fail(observation, status, Reason.NamespaceTerminating, terminating.Message);
        }

        if (job.Metadata.Finalizers?.Contains(WellKnown.Finalizer) != true)
        {
            return AddFinalizer(observation, status);
        }

        if (observation.ReadFailure is { } unreadable)
        {
            return Hold(observation, status, unreadable);
        }

        if (observation.RunsCommand)
        {
            return CommandStep.Accept(observation, ref status) ?? CommandStep.Decide(observation, status);
        }

        return TargetStep.Accept(observation, ref status)
            ?? PlanStep.Decide(observation, ref status)
            ?? TargetStep.Decide(observation, ref status)
            ?? RestoreStep.Decide(observation, status);
    }

    /// <summary>What the schema refuses on a new server, said again for objects that got past an old one.</summary>
    public static string? Refusal(RestoreJob job) =>
        job.DecodeError is not null ? $"the spec cannot be read: {job.DecodeError}"
        : SpecValidator.Validate(job.Spec) is { Count: > 0 } problems ? string.Join("; ", problems)
        : WorkerPodManifest.Problem(job.Spec.Options?.Worker) ?? SpecValidator.ChangedSinceAccepted(job.Metadata, job.Status?.ObservedGeneration);

    public static TimeSpan BindTimeout(RestoreObservation observation) => TimeSpan.FromSeconds(observation.Options.BindTimeoutSeconds ?? DefaultBindTimeoutSeconds);

    /// <summary>The first write of all. Refused, it is tried again for a while: a run without the finalizer could leave a worker that writes on.</summary>
    private static RestoreDecision AddFinalizer(RestoreObservation observation, RestoreJobStatus status)
    {
        if (observation.ActionFailure is not { } failure)
        {
            return new RestoreDecision(status, new PipelineAction.AddFinalizer());
        }

        status = status with { StartTime = status.StartTime ?? ConditionSet.Seconds(observation.Now) };
        return failure.IsFinal || new Deadline(status.StartTime.Value, BindTimeout(observation), observation.Now).HasPassed
            ? RestoreResult.Fail(observation, status, ConditionTypes.Accepted, failure.Reason, failure.Message)
            : new RestoreDecision(status.HeldUp(ConditionTypes.Accepted, failure, observation).WithPhase(), new PipelineAction.AddFinalizer());
    }

    /// <summary>The API server does not let Walle see what a step needs: the step says so, is tried again, and ends with a deadline.</summary>
    private static RestoreDecision Hold(RestoreObservation observation, RestoreJobStatus status, ActionFailure failure)
    {
        status = status with { StartTime = status.StartTime ?? ConditionSet.Seconds(observation.Now) };
        var type = status switch
        {
            _ when !status.IsTrue(ConditionTypes.Accepted) => ConditionTypes.Accepted,
            _ when status.IsTrue(ConditionTypes.TargetReady) => ConditionTypes.Restored,
            _ when observation.Job.Spec.Target.Create is not null && !status.IsTrue(ConditionTypes.SnapshotChosen) => ConditionTypes.SnapshotChosen,
            _ => ConditionTypes.TargetReady,
        };
        var running = type is ConditionTypes.Restored or ConditionTypes.SnapshotChosen;
        var timeout = running ? TimeSpan.FromSeconds(observation.Options.ActiveDeadlineSeconds ?? UploadStep.DefaultActiveDeadlineSeconds) : BindTimeout(observation);
        var deadline = new Deadline(type == ConditionTypes.Accepted ? status.StartTime.Value : status.Since(type, observation.Now), timeout, observation.Now);
        return failure.IsFinal || deadline.HasPassed
            ? RestoreResult.Fail(observation, status, type, failure.Reason, failure.Message)
            : new RestoreDecision(status.HeldUp(type, failure, observation).WithPhase(), RequeueAfter: deadline.Remaining < LookAgain ? deadline.Remaining : LookAgain);
    }
}
