using System.Globalization;
using Walle.Controller.Informers;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>Builds the part of a schedule's observation that its prune and check depend on.</summary>
internal sealed class MaintenanceGatherer(
    ScheduleListers listers, ILister<RestoreJobProjection> restoreJobs, SlotLedger slots, SourceReader source, WorkerPodReader pods, WorkerSettings settings, TimeProvider time)
{
    /// <summary>restic takes a lock that nobody has renewed for half an hour for stale; clocks may differ.</summary>
    private static readonly TimeSpan LongAbandoned = TimeSpan.FromHours(2);

    public async Task<MaintenanceObservation> GatherAsync(BackupSchedule schedule, ActionFailure? failure, CancellationToken cancellationToken)
    {
        var uid = schedule.Metadata.Uid ?? "";
        var underWay = MaintenanceRuns.UnderWay(schedule.Status);
        var observation = new MaintenanceObservation
        {
            Schedule = schedule,
            Now = time.GetUtcNow(),
            Settings = settings,
            Verb = underWay?.Verb,
            ActionFailure = failure,
            // Of its own namespace only: anybody may write the label on an object of another one.
            Jobs = [.. listers.Jobs.ByIndex(IndexNames.OwnerUid, uid).Where(child => child.Name.Namespace == schedule.Metadata.Namespace && child.ControllerUid == uid)],
            Pods = [.. listers.Pods.ByIndex(IndexNames.OwnerUid, uid).Where(child => child.Name.Namespace == schedule.Metadata.Namespace)],
        };
        if (underWay is not { Status: var run })
        {
            return observation;
        }

        if (run.StartedAt is null)
        {
            return observation with { Slot = slots.Ask(MaintenanceSlot.Request(schedule, run)) };
        }

        var attempt = observation.Jobs.FirstOrDefault(job => job.Name.Name == ResourceNames.MaintenanceJob(uid, underWay.Value.Verb, run.ScheduledFor!.Value, run.Attempts ?? 1));
        if (attempt is null || run.Unlocking is not null)
        {
            return observation.Worker?.SecurityProfile is null or SecurityProfile.Auto
                ? observation with { NamespaceIsRestricted = await source.NamespaceIsRestrictedAsync(observation.Namespace, cancellationToken) }
                : observation;
        }

        return WorkerOutcome.Of(attempt, observation.Pods, observation) is { State: WorkerState.Failed, Reason: Reason.RepositoryLocked, Result.Locks: { Count: > 0 } locks }
            ? observation with { Holders = await HoldersAsync(locks, cancellationToken) }
            : observation;
    }

    private async Task<IReadOnlyDictionary<string, LockHolder>> HoldersAsync(List<RepositoryLock> locks, CancellationToken cancellationToken)
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
        foreach (var job in listers.BackupJobs.List())
        {
            for (var attempt = 1; attempt <= (job.Object.Status?.Attempts ?? 0); attempt++)
                names.Add(ResourceNames.BackupJob(job.Uid, attempt));
        }

        foreach (var job in restoreJobs.List())
        {
            for (var attempt = 1; attempt <= (job.Object.Status?.Attempts ?? 0); attempt++)
                names.Add(ResourceNames.RestoreJob(job.Uid, attempt));
            for (var attempt = 1; attempt <= (job.Object.Status?.PlanAttempts ?? 0); attempt++)
                names.Add(ResourceNames.PlanJob(job.Uid, attempt));
        }

        foreach (var schedule in listers.Schedules.List())
        {
            foreach (var (verb, run) in ((string, MaintenanceStatus?)[])[(WorkerVerb.Prune, schedule.Object.Status?.LastPrune), (WorkerVerb.Check, schedule.Object.Status?.LastCheck)])
            {
                for (var attempt = 1; run?.ScheduledFor is { } tick && attempt <= (run.Attempts ?? 0); attempt++)
                    names.Add(ResourceNames.MaintenanceJob(schedule.Uid, verb, tick, attempt));
            }
        }

        return names;
    }

    /// <summary>The Job's name in that of its Pod, walle-&lt;hash&gt;-&lt;5 characters&gt;; null for any other host.</summary>
    internal static string? JobOf(string host) =>
        host.Split('-') is ["walle", { Length: 20 } hash, { Length: 5 } drawn] && hash.All(char.IsAsciiHexDigitLower) && drawn.All(char.IsAsciiLetterOrDigit)
            ? string.Create(CultureInfo.InvariantCulture, $"walle-{hash}")
            : null;
}
