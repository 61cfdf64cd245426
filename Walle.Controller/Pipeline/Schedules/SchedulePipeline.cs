using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Scheduling;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Crds.Validation;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>
/// Decides what comes next for a BackupSchedule. What it selects and how its last run went is written down each time; a run is started by its tick, and
/// the controller may be killed between any two writes. A deleted schedule needs nothing: the garbage collector deletes its BackupJobs, each of which
/// stops its worker and cleans up after itself.
/// </summary>
internal static class SchedulePipeline
{
    public static ScheduleDecision Decide(ScheduleObservation observation)
    {
        var schedule = observation.Schedule;
        var before = schedule.Status ?? new BackupScheduleStatus();
        if (schedule.Metadata.DeletionTimestamp is not null)
        {
            return new ScheduleDecision(before, [], [], null);
        }

        var status = before with { ObservedGeneration = schedule.Metadata.Generation };
        if (Refusal(observation) is { } refusal)
        {
            return Refuse(observation, status, refusal);
        }

        List<ScheduleEvent> events = [];
        status = status with { Conditions = Accepted(observation, status, ConditionStatus.True, Reason.Accepted, "the spec is valid") };
        var claims = SelectedSources.Known(observation);
        status = SelectedSources.Write(observation, status, claims);
        (status, var wakeAt) = RpoRule.Write(observation, status, claims);
        var actions = RunStep.Create(observation, ref status, events);
        status = RunProgress.Write(observation, status);
        if (actions.Count == 0)
        {
            var tick = TickRule.Decide(Input(observation, status));
            status = Readiness.Write(observation, RunStep.Announce(observation, status, tick, events), tick.ClockProblem);
            wakeAt = Earlier(tick.WakeAt, wakeAt);
            actions = [.. HistoryRule.Superfluous(observation, RunProgress.UnfinishedTick(status)).Select(job => new ScheduleAction.DeleteBackupJob(job.Metadata.Name ?? "", job.Metadata.Uid ?? ""))];
        }

        var maintenance = MaintenancePipeline.Decide(observation, status);
        status = maintenance.Status;
        if (maintenance.Event is { } happened)
        {
            events.Add(happened);
        }

        return new ScheduleDecision(
            status, maintenance.Action is { } action ? [.. actions, action] : actions, [.. events, .. ScheduleEvents.Between(before, status)], Earlier(maintenance.WakeAt, wakeAt));
    }

    /// <summary>What the schema refuses on a new server, said again for objects that got past an old one, and what no schema can say.</summary>
    private static string? Refusal(ScheduleObservation observation)
    {
        if (observation.Schedule.DecodeError is { } error)
        {
            return $"the spec cannot be read: {error}";
        }

        if (SpecValidator.Validate(observation.Schedule.Spec) is { Count: > 0 } problems)
        {
            return string.Join("; ", problems);
        }

        return observation.Problem;
    }

    private static ScheduleDecision Refuse(ScheduleObservation observation, BackupScheduleStatus status, string refusal)
    {
        var before = observation.Schedule.Status ?? new BackupScheduleStatus();
        status = RunProgress.Write(observation, status) with { NextScheduleTime = null, Selected = null, Protected = null, Conditions = Accepted(observation, status, ConditionStatus.False, Reason.InvalidSpec, refusal) };
        status = Readiness.NotReady(observation, status, Reason.InvalidSpec, refusal);
        var maintenance = MaintenancePipeline.Abandon(observation, status);
        return new ScheduleDecision(maintenance.Status, maintenance.Action is { } action ? [action] : [], ScheduleEvents.Between(before, maintenance.Status), maintenance.WakeAt);
    }

    private static TickInput Input(ScheduleObservation observation, BackupScheduleStatus status)
    {
        var (metadata, spec) = (observation.Schedule.Metadata, observation.Schedule.Spec);
        return new TickInput
        {
            Schedule = observation.Times!,
            Now = observation.Now,
            Created = metadata.CreationTimestamp ?? observation.Now,
            LastScheduleTime = WasEdited(observation) ? ConditionSet.Seconds(observation.Now) : status.LastScheduleTime,
            LastRunTick = status.LastRun?.ScheduledFor,
            StartingDeadline = spec.StartingDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Suspended = spec.Suspend == true,
            ConcurrencyPolicy = spec.ConcurrencyPolicy,
            ActiveTick = RunProgress.ActiveTick(observation, status),
            RunNow = metadata.Annotations?.GetValueOrDefault(WellKnown.RunNowAnnotation),
            RunNowAnswered = status.LastRunNow,
        };
    }

    /// <summary>
    /// The spec is new and nothing was due by the old one: who moves a schedule from 2 to 5 o'clock at noon does not mean this morning. What fell due
    /// while the controller was away is made up for all the same.
    /// </summary>
    private static bool WasEdited(ScheduleObservation observation) =>
        observation.Schedule.Status is { ObservedGeneration: { } seen, NextScheduleTime: { } next } && seen != observation.Schedule.Metadata.Generation && next > observation.Now;

    private static List<Condition>? Accepted(ScheduleObservation observation, BackupScheduleStatus status, string value, Reason reason, string message) =>
        ConditionList.With(status.Conditions, ConditionTypes.Accepted, value, reason, message, observation.Schedule.Metadata.Generation, observation.Now);

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right ?? left : left;
}
