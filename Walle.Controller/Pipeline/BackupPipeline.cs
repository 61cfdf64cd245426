using Walle.Controller.Pipeline.Hooks;
using Walle.Controller.Pipeline.Manifests;
using Walle.Controller.Pipeline.Slots;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Crds.Validation;

namespace Walle.Controller.Pipeline;

/// <summary>
/// Decides what comes next for a BackupJob: a ladder of idempotent steps, walked from the top each time, whose only input is what is observed.
/// The controller may be killed between any two of its writes.
/// </summary>
internal static class BackupPipeline
{
    public static PipelineDecision Decide(BackupObservation observation)
    {
        var job = observation.Job;
        var status = job.Status ?? new BackupJobStatus();
        if (CleanupStep.MustLetGo(observation))
        {
            return new PipelineDecision(status, new PipelineAction.RemoveFinalizer());
        }

        if (BackupResult.IsKnown(status))
        {
            // Whatever failed: first the application is let go, then things are tidied up.
            return AfterHookStep.Decide(observation, ref status) ?? CleanupStep.Decide(observation, status);
        }

        if (job.Metadata.DeletionTimestamp is not null)
        {
            return BackupResult.Fail(observation, status, Reason.Cancelled, "the BackupJob was deleted before it ended");
        }

        if (Refusal(job) is { } refusal)
        {
            return BackupResult.Fail(observation, status, ConditionTypes.Accepted, Reason.InvalidSpec, refusal);
        }

        if (observation.ActionFailure is { Reason: Reason.NamespaceTerminating } terminating)
        {
            return BackupResult.Fail(observation, status, Reason.NamespaceTerminating, terminating.Message);
        }

        if (job.Metadata.Finalizers?.Contains(WellKnown.Finalizer) != true)
        {
            return AcceptStep.AddFinalizer(observation, status);
        }

        if (observation.ReadFailure is { } unreadable)
        {
            return HoldStep.Decide(observation, status, unreadable);
        }

        var decision = Accept(observation, ref status)
            ?? SlotStep.Decide(observation, ref status)
            ?? Admit(observation, status)
            ?? BeforeHookStep.Decide(observation, ref status)
            ?? AfterHookStep.Decide(observation, ref status)
            ?? BackUp(observation, status);
        return AfterHookStep.FreezeEnds(observation, decision.Status) is { HasPassed: false, Remaining: var remaining } && (decision.RequeueAfter ?? remaining) >= remaining
            ? decision with { RequeueAfter = remaining }
            : decision;
    }

    /// <summary>A workload's volumes are looked at once it has a slot: that it has one is written first.</summary>
    private static PipelineDecision? Admit(BackupObservation observation, BackupJobStatus status) =>
        observation.IsWorkload && observation.Parts.Count == 0 ? new PipelineDecision(BackupPhases.Derive(status), RequeueAfter: TimeSpan.FromSeconds(1)) : null;

    public static PipelineDecision? Accept(BackupObservation observation, ref BackupJobStatus status) =>
        observation.IsWorkload ? WorkloadAcceptStep.Decide(observation, ref status) : AcceptStep.Decide(observation, ref status);

    private static PipelineDecision BackUp(BackupObservation observation, BackupJobStatus status) => observation.IsWorkload
        ? PartsStep.Decide(observation, status)
        : SnapshotStep.Decide(observation, ref status)
            ?? CloneStep.Decide(observation, ref status)
            ?? UploadStep.Decide(observation, status);

    /// <summary>What the schema refuses on a new server, said again for objects that got past an old one.</summary>
    public static string? Refusal(BackupJob job)
    {
        if (job.DecodeError is not null)
        {
            return $"the spec cannot be read: {job.DecodeError}";
        }

        if (SpecValidator.Validate(job.Spec) is { Count: > 0 } problems)
        {
            return string.Join("; ", problems);
        }

        if (WorkerPodManifest.Problem(job.Spec.Options?.Worker) is { } problem)
        {
            return problem;
        }

        return SpecValidator.ChangedSinceAccepted(job.Metadata, job.Status?.ObservedGeneration);
    }
}
