using System.Diagnostics.Metrics;
using Walle.Controller.Informers;
using Walle.Controller.Pipeline;
using Walle.Controller.Projections;
using Walle.Controller.Reconcilers;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Controllers;

/// <summary>Metrics of schedules and of the queue for slots. Those of schedules are computed at each scrape from their status, so that a restart changes nothing.</summary>
internal sealed class ScheduleMetrics
{
    private readonly ILister<ScheduleProjection> _schedules;

    public ScheduleMetrics(Meter meter, ILister<ScheduleProjection> schedules, SlotLedger slots)
    {
        _schedules = schedules;
        meter.CreateObservableGauge("walle_schedule_last_success_timestamp_seconds", () => Times(status => status.LastSuccessfulTime),
            description: "When the last run in which everything succeeded ended; 0 when there was none.");
        meter.CreateObservableGauge("walle_schedule_next_run_timestamp_seconds", () => Times(status => status.NextScheduleTime),
            description: "When the next run is due; 0 while the schedule is suspended or invalid.");
        meter.CreateObservableCounter("walle_schedule_missed_runs", () => All(status => status.MissedRuns ?? 0),
            description: "Runs left out: too late, or while the run before was under way.");
        meter.CreateObservableGauge("walle_schedule_ready", () => All(status => IsTrue(status, ConditionTypes.Ready) ? 1L : 0L),
            description: "1 while the schedule starts runs and the last one succeeded.");
        meter.CreateObservableGauge("walle_schedule_within_rpo", () => Where(ConditionTypes.WithinRPO),
            description: "1 while each claim has a complete backup younger than spec.rpo, else 0; only for schedules with an rpo.");
        meter.CreateObservableGauge("walle_repository_healthy", () => Where(ConditionTypes.RepositoryHealthy),
            description: "1 while the last check (without checks: prune) of the repository found no damage, else 0; only for schedules that have had one.");
        meter.CreateObservableGauge("walle_prune_last_success_timestamp_seconds", () => Maintained(status => status.LastPrune, spec => spec.Prune is not null),
            description: "When the last prune ended well; 0 when none has; only for schedules with prune.");
        meter.CreateObservableGauge("walle_check_last_success_timestamp_seconds", () => Maintained(status => status.LastCheck, spec => spec.Check is not null),
            description: "When the last check that found no damage ended; 0 when none has; only for schedules with check.");
        meter.CreateObservableGauge("walle_slots_held", () => slots.HeldCount, description: "Backups that are under way.");
        meter.CreateObservableGauge("walle_slots_waiting", () => slots.WaitingCount, description: "Backups that wait for a slot.");
    }

    private IEnumerable<Measurement<long>> Times(Func<BackupScheduleStatus, DateTimeOffset?> time) => All(status => time(status)?.ToUnixTimeSeconds() ?? 0);

    private IEnumerable<Measurement<long>> All(Func<BackupScheduleStatus, long> value) =>
        _schedules.List().Select(schedule => Measure(schedule, value(schedule.Object.Status ?? new())));

    private IEnumerable<Measurement<long>> Maintained(Func<BackupScheduleStatus, MaintenanceStatus?> run, Func<BackupScheduleSpec, bool> isWanted) => _schedules.List()
        .Where(schedule => isWanted(schedule.Object.Spec))
        .Select(schedule => Measure(schedule, run(schedule.Object.Status ?? new())?.LastSuccessfulTime?.ToUnixTimeSeconds() ?? 0));

    /// <summary>Only schedules that have the condition.</summary>
    private IEnumerable<Measurement<long>> Where(string conditionType) => _schedules.List()
        .Where(schedule => ConditionList.Find(schedule.Object.Status?.Conditions, conditionType) is not null)
        .Select(schedule => Measure(schedule, IsTrue(schedule.Object.Status!, conditionType) ? 1 : 0));

    private static bool IsTrue(BackupScheduleStatus status, string type) => ConditionList.Find(status.Conditions, type)?.Status == ConditionStatus.True;

    private static Measurement<long> Measure(ScheduleProjection schedule, long value) =>
        new(value, new KeyValuePair<string, object?>("namespace", schedule.Name.Namespace), new KeyValuePair<string, object?>("schedule", schedule.Name.Name));
}
