using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Pipeline.Manifests;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline;

/// <summary>
/// A backup that runs into the exclusive lock of a dead prune or check removes it, and nothing else, before its next attempt: whoever would have done so
/// may be gone, too.
/// </summary>
internal static class DeadLockStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    /// <summary>The dead workers whose locks stopped this one; empty when a living one did, or somebody that is not ours to judge.</summary>
    public static IReadOnlyList<string> Hosts(BackupObservation observation, WorkerOutcome outcome) =>
        outcome is { State: WorkerState.Failed, Reason: Reason.RepositoryLocked } ? LockRule.Dead(outcome.Result?.Locks, observation.Holders) : [];

    /// <summary>What is to be done before the given attempt; null: nothing, or no more. What could not be removed the attempt runs into again, and names.</summary>
    public static PipelineDecision? Before(BackupObservation observation, Crds.V1.BackupJobStatus status, IReadOnlyList<JobProjection> jobs, int attempt)
    {
        if (jobs.FirstOrDefault(job => job.Name.Name == ResourceNames.BackupJob(observation.Uid, attempt - 1, observation.Volume)) is not { } previous)
        {
            return null;
        }

        foreach (var host in Hosts(observation, WorkerOutcome.Of(previous, observation.Pods, observation)))
        {
            if (jobs.FirstOrDefault(job => job.Name.Name == ResourceNames.UnlockJob(observation.Uid, host, attempt)) is not { } unlock)
            {
                // Refused: the attempt is made all the same.
                return observation.ActionFailure is not null
                    ? null
                    : new PipelineDecision(BackupPhases.Derive(status), new PipelineAction.CreateJob(MaintenanceJobManifest.Unlock(observation, host, attempt)), LookAgain);
            }

            if (WorkerOutcome.Of(unlock, observation.Pods, observation).State is WorkerState.NotStarted or WorkerState.Running)
            {
                // Its Job has a deadline of minutes.
                return new PipelineDecision(BackupPhases.Derive(status), RequeueAfter: LookAgain);
            }
        }

        return null;
    }
}
