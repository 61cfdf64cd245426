using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Pipeline.Manifests;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline;

/// <summary>
/// A backup or restore that runs into the exclusive lock of a dead prune or check removes it, and nothing else, before its next attempt: whoever would have
/// done so may be gone, too.
/// </summary>
internal static class DeadLockStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    /// <summary>The dead workers whose locks stopped this one; empty when a living one did, or somebody that is not ours to judge.</summary>
    public static IReadOnlyList<string> Hosts(WorkObservation observation, WorkerOutcome outcome) =>
        outcome is { State: WorkerState.Failed, Reason: Reason.RepositoryLocked } ? LockRule.Dead(outcome.Result?.Locks, observation.Holders) : [];

    public static string Message(int attempt, IReadOnlyList<string> hosts) =>
        $"attempt {attempt} found the repository locked by a worker that is gone ({string.Join(", ", hosts)}); its lock is being removed";

    /// <summary>
    /// How long restic waits for a lock. A prune of ours is waited for by the arbiter: what holds an exclusive lock is somebody else, or dead. The first attempt
    /// finds out soon; the others wait.
    /// </summary>
    public static string RetryLock(int? attempt) => attempt is > 1 ? "5m" : "30s";

    /// <summary>What comes before the given attempt; null: nothing, or no more. What could not be removed the attempt runs into again, and names.</summary>
    /// <returns>No action: an unlocking is waited for.</returns>
    public static (PipelineAction? Action, TimeSpan LookAgain)? Before(WorkObservation observation, IReadOnlyList<JobProjection> jobs, string previousName, int attempt)
    {
        if (jobs.FirstOrDefault(job => job.Name.Name == previousName) is not { } previous)
        {
            return null;
        }

        foreach (var host in Hosts(observation, WorkerOutcome.Of(previous, observation.Pods, observation)))
        {
            if (jobs.FirstOrDefault(job => job.Name.Name == ResourceNames.UnlockJob(observation.Uid, host, attempt)) is not { } unlock)
            {
                // Refused: the attempt is made all the same.
                return observation.ActionFailure is null ? (new PipelineAction.CreateJob(MaintenanceJobManifest.Unlock(observation, host, attempt)), LookAgain) : null;
            }

            if (WorkerOutcome.Of(unlock, observation.Pods, observation).State is WorkerState.NotStarted or WorkerState.Running)
            {
                // Its Job has a deadline of minutes.
                return (null, LookAgain);
            }
        }

        return null;
    }
}
