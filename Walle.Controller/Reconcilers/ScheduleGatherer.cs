using System.Collections.Concurrent;
using Walle.Controller.Informers;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Schedules;
using Walle.Controller.Pipeline.Selection;
using Walle.Controller.Projections;
using Walle.Controller.Scheduling;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>Builds the observation that a decision about a schedule is made from.</summary>
internal sealed class ScheduleGatherer(ScheduleListers listers, StorageReader storage, MaintenanceGatherer maintenance, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ParsedSchedule> _parsed = new();

    /// <returns>Null while a store is being filled: look again.</returns>
    public async Task<ScheduleObservation?> GatherAsync(BackupSchedule schedule, IReadOnlyDictionary<string, ActionFailure> failures, CancellationToken cancellationToken)
    {
        var parsed = Parse(schedule);
        var (times, problem) = (parsed.Times, parsed.Problem);
        var observation = new ScheduleObservation
        {
            Schedule = schedule,
            Now = time.GetUtcNow(),
            Times = times,
            PruneTimes = parsed.PruneTimes,
            CheckTimes = parsed.CheckTimes,
            Problem = problem,
            Jobs = Objects(listers.BackupJobs.ByIndex(IndexNames.Schedule, schedule.Metadata.Uid ?? ""), schedule),
            Failures = failures,
        };
        var maintained = failures.GetValueOrDefault(ScheduleActions.MaintenanceFailure);
        if (schedule.DecodeError is not null || problem is not null)
        {
            return observation with { Maintenance = await maintenance.GatherAsync(schedule, maintained, cancellationToken) };
        }

        if (Workloads(schedule) is not { } workloads)
        {
            return null;
        }

        var ns = observation.Namespace;
        return observation with
        {
            Maintenance = await maintenance.GatherAsync(schedule, maintained, cancellationToken),
            RepositoryJobs = Objects(listers.BackupJobs.ByIndex(IndexNames.Repository, Projections.RepositoryKey.Of(ns, schedule.Spec.Repository)), schedule),
            Selection = SourceSelection.Select(new SelectionInput(schedule.Spec, listers.Claims.ByIndex(IndexNames.Namespace, ns), workloads, await storage.ReadAsync(cancellationToken))),
        };
    }

    public void Forget(string uid) => _parsed.TryRemove(uid, out _);

    /// <summary>All kinds are asked for before any is waited for.</summary>
    private Dictionary<string, IReadOnlyList<WorkloadProjection>>? Workloads(BackupSchedule schedule)
    {
        var stores = schedule.Spec.Selectors.Select(selector => selector.Kind).Where(kind => kind is not null and not SourceKind.PersistentVolumeClaim).Distinct()
            .Select(kind => (Kind: kind!, Store: listers.Workloads(kind!))).ToList();
        return stores.Exists(entry => entry.Store is null)
            ? null
            : stores.ToDictionary(entry => entry.Kind, entry => entry.Store!.ByIndex(IndexNames.Namespace, schedule.Metadata.Namespace ?? ""));
    }

    /// <summary>Read once for each generation: a schedule is looked at far more often than it is changed.</summary>
    private ParsedSchedule Parse(BackupSchedule schedule)
    {
        var uid = schedule.Metadata.Uid ?? "";
        if (_parsed.TryGetValue(uid, out var known) && known.Generation == schedule.Metadata.Generation)
        {
            return known;
        }

        string? problem = null;
        var backup = Read(schedule.Spec.Schedule, HashSeed.Backup);
        var prune = schedule.Spec.Prune is { } pruned ? Read(pruned.Schedule, HashSeed.Prune) : null;
        var check = schedule.Spec.Check is { } checkedAt ? Read(checkedAt.Schedule, HashSeed.Check) : null;
        return _parsed[uid] = new ParsedSchedule(schedule.Metadata.Generation, backup, prune, check, problem);

        CronSchedule? Read(string expression, string purpose)
        {
            if (CronSchedule.TryParse(expression, schedule.Spec.TimeZone, new HashSeed(schedule.Metadata.Namespace ?? "", schedule.Metadata.Name ?? "", purpose), out var times, out var wrong))
            {
                return times;
            }

            problem = problem is null ? wrong : $"{problem}; {wrong}";
            return null;
        }
    }

    /// <summary>Of its own namespace only: anybody may write an ownerReference.</summary>
    private static List<BackupJob> Objects(IReadOnlyList<BackupJobProjection> jobs, BackupSchedule schedule) =>
        [.. jobs.Where(job => job.Name.Namespace == schedule.Metadata.Namespace).Select(job => job.Object)];

    private sealed record ParsedSchedule(long? Generation, CronSchedule? Times, CronSchedule? PruneTimes, CronSchedule? CheckTimes, string? Problem);
}
