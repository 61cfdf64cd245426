using Walle.Controller.Pipeline.Manifests;
using Walle.Controller.Pipeline.Schedules;
using Walle.Controller.Projections;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>Removes what a dead worker's lock is, one host after the other. It takes seconds; what it cannot do the next attempt runs into and names.</summary>
internal static class UnlockStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public static MaintenanceDecision Decide(MaintenanceObservation observation, BackupScheduleStatus status, MaintenanceStatus run, IReadOnlyList<JobProjection> jobs, string host)
    {
        if (jobs.FirstOrDefault(job => job.Name.Name == ResourceNames.UnlockJob(observation.Uid, host, run.Attempts ?? 1)) is not { } current)
        {
            return observation.ActionFailure is { } failure
                ? Next(status, run, $"; the lock of {host} could not be removed: {failure.Message}")
                : new MaintenanceDecision(status, new ScheduleAction.CreateJob(MaintenanceJobManifest.Unlock(observation, host, run.Attempts ?? 1)), observation.Now + LookAgain);
        }

        var outcome = WorkerOutcome.Of(current, observation.Pods, observation);
        return outcome.State switch
        {
            WorkerState.Succeeded => Next(status, run, ""),
            WorkerState.Failed => Next(status, run, $"; the lock of {host} could not be removed: {outcome.Message}"),
            // Its Job has a deadline of minutes.
            _ => new MaintenanceDecision(status, WakeAt: observation.Now + LookAgain),
        };
    }

    private static MaintenanceDecision Next(BackupScheduleStatus status, MaintenanceStatus run, string trouble) => new(MaintenanceRuns.With(status, run with
    {
        Unlocking = run.Unlocking is { Count: > 1 } hosts ? hosts[1..] : null,
        Message = trouble.Length == 0 ? run.Message : ConditionSet.Cut(run.Message + trouble, ConditionList.MaxMessageLength),
    }));
}
