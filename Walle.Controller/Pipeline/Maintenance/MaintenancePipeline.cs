using Walle.Controller.Pipeline.Schedules;
using Walle.Controller.Scheduling;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>
/// Prune and check of a schedule's repository, one at a time: due, waits for the repository, runs, ends. Each step is in the status before its effect,
/// so a controller that is killed goes on where it was.
/// </summary>
internal static class MaintenancePipeline
{
    private const string SpecIsInvalid = "the spec became invalid";

    public static MaintenanceDecision Decide(ScheduleObservation observation, BackupScheduleStatus status)
    {
        if (observation.Maintenance is not { } maintenance)
        {
            return new MaintenanceDecision(status);
        }

        status = RepositoryFacts.Write(observation, status);
        if (MaintenanceRuns.UnderWay(status) is { } underWay)
        {
            return underWay.Status.StartedAt is null
                ? WaitingStep.Decide(maintenance, status, underWay.Verb, underWay.Status)
                : WorkingStep.Decide(maintenance, status, underWay.Status, RepositoryFacts.Expected(observation));
        }

        if (DeleteOver(maintenance) is { } delete)
        {
            return new MaintenanceDecision(status, delete);
        }

        DateTimeOffset? wakeAt = null;
        foreach (var (verb, times, annotation) in ((string, CronSchedule?, string)[])
            [(WorkerVerb.Prune, observation.PruneTimes, WellKnown.PruneNowAnnotation), (WorkerVerb.Check, observation.CheckTimes, WellKnown.CheckNowAnnotation)])
        {
            if (times is null)
            {
                continue;
            }

            var last = Counted(observation, MaintenanceRuns.Of(status, verb) ?? (verb == WorkerVerb.Prune ? new PruneStatus() : new CheckStatus()));
            status = MaintenanceRuns.With(status, last);
            var tick = TickRule.Decide(new TickInput
            {
                Schedule = times,
                Now = observation.Now,
                Created = observation.Schedule.Metadata.CreationTimestamp ?? observation.Now,
                LastScheduleTime = last.CountedFrom > last.ScheduledFor || last.ScheduledFor is null ? last.CountedFrom : last.ScheduledFor,
                LastRunTick = last.ScheduledFor,
                Suspended = observation.Schedule.Spec.Suspend == true,
                RunNow = observation.Schedule.Metadata.Annotations?.GetValueOrDefault(annotation),
                RunNowAnswered = last.RunNow,
            });
            if (tick.Action is TickAction.Run run)
            {
                return Begin(observation, status, last with { ScheduledFor = run.Tick, RunNow = tick.RunNowAnswered });
            }

            wakeAt = tick.WakeAt is { } at && (wakeAt is null || at < wakeAt) ? at : wakeAt;
        }

        return new MaintenanceDecision(status, WakeAt: wakeAt);
    }

    /// <summary>The spec has become invalid: what is under way is stopped, so that the repository is not kept from others until somebody mends it.</summary>
    public static MaintenanceDecision Abandon(ScheduleObservation observation, BackupScheduleStatus status)
    {
        if (observation.Maintenance is not { } maintenance)
        {
            return new MaintenanceDecision(status);
        }

        return MaintenanceRuns.UnderWay(status) switch
        {
            null => new MaintenanceDecision(status, DeleteOver(maintenance)),
            { Status: { StartedAt: null } waiting } => MaintenanceResult.End(maintenance, status, waiting, Reason.Cancelled, SpecIsInvalid),
            { Status: var run } when MaintenanceResult.IsDecided(run) => WorkingStep.Decide(maintenance, status, run, []),
            { Status: var run } => new MaintenanceDecision(MaintenanceRuns.With(status, MaintenanceResult.Decided(run, Reason.Cancelled, SpecIsInvalid))),
        };
    }

    /// <summary>What they reported is in the status.</summary>
    private static ScheduleAction.DeleteJob? DeleteOver(MaintenanceObservation maintenance) =>
        maintenance.Jobs.FirstOrDefault(job => job is { Deleting: false, Verb: WorkerVerb.Prune or WorkerVerb.Check or WorkerVerb.Unlock } && job.ControllerUid == maintenance.Uid) is { } over
            ? new ScheduleAction.DeleteJob(over.Name.Name, over.Uid)
            : null;

    private static MaintenanceDecision Begin(ScheduleObservation observation, BackupScheduleStatus status, MaintenanceStatus due)
    {
        var run = Fresh(observation, due);
        if (run is PruneStatus && observation.Schedule.Spec.Check is not null && ConditionList.Find(status.Conditions, ConditionTypes.RepositoryHealthy) is { Status: ConditionStatus.False } damage)
        {
            return MaintenanceResult.End(observation.Maintenance!, status, run, Reason.RepositoryDamaged,
                $"nothing is forgotten or pruned while the repository is damaged, since what is missing may be what is still good: {damage.Message}");
        }

        return new MaintenanceDecision(MaintenanceRuns.With(status, run with { Result = nameof(Reason.WaitingForRepository) }));
    }

    /// <summary>Without what the run before it has left.</summary>
    private static MaintenanceStatus Fresh(ScheduleObservation observation, MaintenanceStatus due)
    {
        var spec = observation.Schedule.Spec;
        if (due is PruneStatus prune)
        {
            var released = ReleaseRule.Of(observation, prune);
            return new PruneStatus
            {
                ScheduledFor = due.ScheduledFor, RunNow = due.RunNow, CountedFrom = due.CountedFrom, LastSuccessfulTime = due.LastSuccessfulTime, WaitingSince = ConditionSet.Seconds(observation.Now),
                Released = released ?? prune.Released, IsReleased = released is null ? null : true,
            };
        }

        var check = (CheckStatus)due;
        var parts = spec.Check?.ReadDataParts;
        return new CheckStatus
        {
            ScheduledFor = due.ScheduledFor, RunNow = due.RunNow, CountedFrom = due.CountedFrom, LastSuccessfulTime = due.LastSuccessfulTime, WaitingSince = ConditionSet.Seconds(observation.Now),
            Of = parts, Part = parts is null ? null : NextPart(check, parts.Value),
        };
    }

    /// <summary>The next one if the last was read to its end and was whole; n checks have then read everything.</summary>
    private static int NextPart(CheckStatus last, int parts) =>
        last.Of != parts || last.Part is not { } part ? 1 : last.Result == nameof(Reason.Succeeded) ? (part % parts) + 1 : part;

    private static MaintenanceStatus Counted(ScheduleObservation observation, MaintenanceStatus last) =>
        last.CountedFrom is null || (observation.Schedule.Status?.ObservedGeneration is { } seen && seen != observation.Schedule.Metadata.Generation)
            ? last with { CountedFrom = ConditionSet.Seconds(observation.Now) }
            : last;
}
