using System.Globalization;
using Walle.Controller.Informers;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>Finds out whether those that hold locks of a repository are workers of ours, and whether they live.</summary>
internal sealed class LockHolderReader(
    ILister<BackupJobProjection> backupJobs, ILister<RestoreJobProjection> restoreJobs, ILister<ScheduleProjection> schedules, WorkerPodReader pods, TimeProvider time)
{
    /// <summary>restic takes a lock that nobody has renewed for half an hour for stale; clocks may differ.</summary>
    private static readonly TimeSpan LongAbandoned = TimeSpan.FromHours(2);

    /// <summary>Of the locks that stopped a worker; empty when none did.</summary>
    public async Task<IReadOnlyDictionary<string, LockHolder>> ReadAsync(WorkerOutcome? outcome, CancellationToken cancellationToken) =>
        outcome is { State: WorkerState.Failed, Reason: Reason.RepositoryLocked, Result.Locks: { Count: > 0 } locks } ? await ReadAsync(locks, cancellationToken) : new Dictionary<string, LockHolder>();

    private async Task<Dictionary<string, LockHolder>> ReadAsync(List<RepositoryLock> locks, CancellationToken cancellationToken)
    {
        var known = KnownJobs();
        Dictionary<string, LockHolder> holders = [];
        foreach (var found in locks.Where(found => found.Host is not null))
        {
            // Only what has the form of a worker's Pod is worth asking about.
            var isKnown = JobOf(found.Host!) is { } job && known.Contains(job);
            holders[found.Host!] = JobOf(found.Host!) is null ? LockHolder.Foreign : await pods.IsAliveAsync(found.Host!, cancellationToken) switch
            {
                true => LockHolder.Alive,
                false => LockHolder.Dead,
                // Its BackupJob may be long gone. It could be another cluster's, too: but then it would have renewed its lock.
                null => isKnown || time.GetUtcNow() - found.Time > LongAbandoned ? LockHolder.Dead : LockHolder.Foreign,
            };
        }

        return holders;
    }

    /// <summary>Names of all worker Jobs that objects of this cluster can have made: another cluster's Walle may use the same repository.</summary>
    private HashSet<string> KnownJobs()
    {
        HashSet<string> names = [];
        foreach (var job in backupJobs.List())
        {
            var (uid, status) = (job.Uid, job.Object.Status);
            names.UnionWith(Names(status?.Attempts, attempt => ResourceNames.BackupJob(uid, attempt)));
            foreach (var volume in status?.Volumes ?? [])
                names.UnionWith(Names(volume.Attempts, attempt => ResourceNames.BackupJob(uid, attempt, volume.ClaimName)));
            foreach (var dump in status?.Dumps ?? [])
                names.UnionWith(Names(dump.Attempts, attempt => ResourceNames.BackupJob(uid, attempt, VolumeViews.DumpPrefix + dump.Name)));
        }

        foreach (var job in restoreJobs.List())
        {
            names.UnionWith(Names(job.Object.Status?.Attempts, attempt => ResourceNames.RestoreJob(job.Uid, attempt)));
            names.UnionWith(Names(job.Object.Status?.PlanAttempts, attempt => ResourceNames.PlanJob(job.Uid, attempt)));
        }

        foreach (var schedule in schedules.List())
        {
            foreach (var (verb, run) in ((string, MaintenanceStatus?)[])[(WorkerVerb.Prune, schedule.Object.Status?.LastPrune), (WorkerVerb.Check, schedule.Object.Status?.LastCheck)])
            {
                if (run?.ScheduledFor is { } tick)
                    names.UnionWith(Names(run.Attempts, attempt => ResourceNames.MaintenanceJob(schedule.Uid, verb, tick, attempt)));
            }
        }

        return names;
    }

    private static IEnumerable<string> Names(int? attempts, Func<int, string> name) => Enumerable.Range(1, attempts ?? 0).Select(name);

    /// <summary>The Job's name in that of its Pod, walle-&lt;hash&gt;-&lt;5 characters&gt;; null for any other host.</summary>
    internal static string? JobOf(string host) =>
        host.Split('-') is ["walle", { Length: 20 } hash, { Length: 5 } drawn] && hash.All(char.IsAsciiHexDigitLower) && drawn.All(char.IsAsciiLetterOrDigit)
            ? string.Create(CultureInfo.InvariantCulture, $"walle-{hash}")
            : null;
}
