using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>
/// After the result has been written: the workers' Jobs and their Pods, and nothing else. The target is the user's, also one that Walle made: only who
/// looks at it knows whether what is in it is worth something.
/// </summary>
internal static class RestoreCleanup
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    // A timer takes 49 days at most, and the clock may have been set meanwhile.
    private static readonly TimeSpan LookForEndOfLife = TimeSpan.FromHours(12);

    public static bool MustLetGo(RestoreObservation observation) =>
        observation.Job.Metadata.DeletionTimestamp is { } deleted && HasFinalizer(observation) && observation.Now >= deleted + CleanupStep.LetGoAfter + LookAgain;

    public static RestoreDecision Decide(RestoreObservation observation, RestoreJobStatus status)
    {
        var since = observation.Job.Metadata.DeletionTimestamp is { } deleted && deleted > status.CompletionTime ? deleted : status.CompletionTime ?? observation.Now;
        var (action, left) = Next(observation);
        if (left is null && observation.ConfirmedGone)
        {
            var cleaned = status.IsTrue(ConditionTypes.CleanedUp) ? status : status.With(ConditionTypes.CleanedUp, ConditionStatus.True, Reason.CleanedUp, "no temporary object is left", observation);
            return Finish(observation, cleaned.WithPhase());
        }

        if (!new Deadline(since, CleanupStep.LetGoAfter, observation.Now).HasPassed)
        {
            return new RestoreDecision(status.WithPhase(), action, LookAgain);
        }

        var refused = observation.ActionFailure is { } failure ? $" ({failure.Message})" : "";
        var stuck = status.With(
            ConditionTypes.CleanedUp, ConditionStatus.False, Reason.CleanupTimeout,
            $"not gone after {Display.Duration(CleanupStep.LetGoAfter)}: {left ?? "an object that the API server still lists"}{refused}; look at its finalizers with: kubectl -n {observation.Namespace} get job,pod -l {WellKnown.OwnerUidLabel}={observation.Uid} -o yaml",
            observation).WithPhase();
        return new RestoreDecision(stuck, HasFinalizer(observation) ? new PipelineAction.RemoveFinalizer() : action, LookAgain);
    }

    private static RestoreDecision Finish(RestoreObservation observation, RestoreJobStatus status)
    {
        if (HasFinalizer(observation))
        {
            return new RestoreDecision(status, new PipelineAction.RemoveFinalizer());
        }

        if (observation.Options.TtlSecondsAfterFinished is not { } ttl || observation.Job.Metadata.DeletionTimestamp is not null)
        {
            return new RestoreDecision(status);
        }

        var life = new Deadline(status.CompletionTime ?? observation.Now, TimeSpan.FromSeconds(ttl), observation.Now);
        return life.HasPassed
            ? new RestoreDecision(status, new PipelineAction.DeleteRestoreJob())
            : new RestoreDecision(status, RequeueAfter: life.Remaining < LookForEndOfLife ? life.Remaining : LookForEndOfLife);
    }

    private static (PipelineAction? Action, string? Left) Next(RestoreObservation observation)
    {
        var jobs = observation.Jobs.Where(job => job.ControllerUid == observation.Uid).ToList();
        if (jobs.Find(job => !job.Deleting) is { } job)
        {
            return (new PipelineAction.DeleteJob(job.Name.Name, job.Uid), $"Job {job.Name.Name}");
        }

        // The garbage collector deletes the Pods; until they are gone a worker may still write.
        return jobs.Count > 0 ? (null, $"Job {jobs[0].Name.Name}") : (null, observation.Pods.Count > 0 ? $"Pod {observation.Pods[0].Name.Name}" : null);
    }

    private static bool HasFinalizer(RestoreObservation observation) => observation.Job.Metadata.Finalizers?.Contains(WellKnown.Finalizer) == true;
}
