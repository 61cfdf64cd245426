using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>Writes status.active, and status.lastRun until its last BackupJob has ended; from then on the record stands, also when its BackupJobs go.</summary>
internal static class RunProgress
{
    private const int MaxActive = 256;

    public static BackupScheduleStatus Write(ScheduleObservation observation, BackupScheduleStatus status)
    {
        status = status with { Active = Active(observation.Jobs.Where(IsActive)) };
        if (status.LastRun is not { StartedAt: not null, FinishedAt: null, ScheduledFor: { } tick } run)
        {
            return status;
        }

        var jobs = observation.Jobs.Where(job => RunManifest.TickOf(job) == tick).ToList();
        var running = jobs.Count(job => !IsKnown(job));
        var succeeded = jobs.Count(job => job.Status?.IsTrue(ConditionTypes.Complete) == true);
        // What was deleted meanwhile, or never could be created, did not succeed.
        var failed = Math.Max(0, (run.Total ?? 0) - running - succeeded);
        run = run with { Running = running, Succeeded = succeeded, Failed = failed, FinishedAt = running == 0 ? EndOf(jobs, observation.Now) : null };
        return status with
        {
            LastRun = run,
            LastSuccessfulTime = run is { FinishedAt: { } end, Failed: 0, Total: > 0 } ? end : status.LastSuccessfulTime,
        };
    }

    /// <summary>Also of BackupJobs that are yet to be created: those have no UID.</summary>
    public static List<ActiveBackup>? Active(IEnumerable<BackupJob> jobs)
    {
        var active = jobs.OrderBy(job => job.Metadata.Name, StringComparer.Ordinal).Take(MaxActive)
            .Select(job => new ActiveBackup { Name = job.Metadata.Name ?? "", Uid = job.Metadata.Uid, ScheduledFor = RunManifest.TickOf(job) })
            .ToList();
        return active.Count == 0 ? null : active;
    }

    /// <summary>The tick of the newest run that is under way, or that is still being created; null: none is.</summary>
    public static DateTimeOffset? ActiveTick(ScheduleObservation observation, BackupScheduleStatus status) =>
        status.LastRun is { StartedAt: null, ScheduledFor: { } creating }
            ? creating
            : observation.Jobs.Where(job => IsActive(job)).Max(RunManifest.TickOf);

    public static DateTimeOffset? UnfinishedTick(BackupScheduleStatus status) => status.LastRun is { FinishedAt: null, ScheduledFor: { } tick } ? tick : null;

    /// <summary>One that is deleted is on its way out; what it leaves is cleaned up without the schedule.</summary>
    public static bool IsActive(BackupJob job) => !IsKnown(job) && job.Metadata.DeletionTimestamp is null;

    private static bool IsKnown(BackupJob job) => job.Status is { } status && BackupResult.IsKnown(status);

    private static DateTimeOffset EndOf(List<BackupJob> jobs, DateTimeOffset now) => jobs.Max(job => job.Status?.CompletionTime) ?? ConditionSet.Seconds(now);
}
