using Walle.Controller.Scheduling;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>
/// Starts runs. A run is announced in the status first (the tick, and that it is being created), then its BackupJobs are created one by one, then the
/// status says that all exist. Killed in between, the next controller creates what is missing; once all existed nothing is ever created again.
/// </summary>
internal static class RunStep
{
    /// <summary>BackupJobs created in one reconcile: others wait for their turn as well.</summary>
    public const int CreatedAtOnce = 32;

    /// <summary>What cannot be created for so long (a quota, a webhook) counts as failed, and the schedule goes on.</summary>
    private static readonly TimeSpan CreatePatience = TimeSpan.FromMinutes(10);

    /// <summary>What is missing of the run that was announced; nothing when there is none, or when all of it exists.</summary>
    public static IReadOnlyList<ScheduleAction> Create(ScheduleObservation observation, ref BackupScheduleStatus status, List<ScheduleEvent> events)
    {
        if (status.LastRun is not { StartedAt: null, ScheduledFor: { } tick } run)
        {
            return [];
        }

        List<ScheduleAction> actions = [];
        if (observation.Schedule.Spec.ConcurrencyPolicy == ConcurrencyPolicy.Replace)
        {
            actions.AddRange(observation.Jobs.Where(job => RunProgress.IsActive(job) && RunManifest.TickOf(job) != tick)
                .Select(job => new ScheduleAction.DeleteBackupJob(job.Metadata.Name ?? "", job.Metadata.Uid ?? "")));
        }

        var existing = observation.Jobs.Select(job => job.Metadata.Name).ToHashSet();
        var manifests = observation.Selection.Sources.Select(source => RunManifest.Build(observation.Schedule, tick, source)).ToList();
        var missing = manifests.Where(manifest => !existing.Contains(manifest.Metadata.Name)).ToList();
        var deadline = new Deadline(run.CreatingSince ?? observation.Now, CreatePatience, observation.Now);
        var givenUp = missing.Where(manifest => observation.Failures.TryGetValue(manifest.Metadata.Name!, out var failure) && (failure.IsFinal || deadline.HasPassed)).ToList();
        actions.AddRange(missing.Except(givenUp).Take(CreatedAtOnce).Select(manifest => new ScheduleAction.CreateBackupJob(manifest)));
        var heldUp = missing.Select(manifest => observation.Failures.GetValueOrDefault(manifest.Metadata.Name!)).FirstOrDefault(failure => failure is not null);
        if (actions.Count > 0)
        {
            if (heldUp is not null)
            {
                status = Readiness.NotReady(observation, status, heldUp.Reason, $"BackupJobs of the run cannot be created: {heldUp.Message}");
            }

            return actions;
        }

        status = status with { LastRun = run with { StartedAt = ConditionSet.Seconds(observation.Now), Total = manifests.Count } };
        if (givenUp.Count > 0)
        {
            events.Add(new ScheduleEvent(heldUp!.Reason, $"{givenUp.Count} of {manifests.Count} BackupJobs of the run could not be created: {heldUp.Message}"));
        }

        return [];
    }

    /// <summary>What the tick asks for.</summary>
    public static BackupScheduleStatus Announce(ScheduleObservation observation, BackupScheduleStatus status, TickDecision tick, List<ScheduleEvent> events)
    {
        status = status with { LastScheduleTime = tick.LastScheduleTime, LastRunNow = tick.RunNowAnswered, NextScheduleTime = tick.NextTick };
        if (tick.RunNowProblem is { } problem)
        {
            // Answered, too: by the Event, once.
            status = status with { LastRunNow = observation.Schedule.Metadata.Annotations?.GetValueOrDefault(WellKnown.RunNowAnnotation) };
            events.Add(new ScheduleEvent(Reason.InvalidSpec, problem));
        }

        switch (tick.Action)
        {
            case TickAction.Run run:
                var now = ConditionSet.Seconds(observation.Now);
                var total = observation.Selection.Sources.Count;
                var record = new ScheduleRun { ScheduledFor = run.Tick, CreatingSince = now, Total = total, Running = total, Succeeded = 0, Failed = 0 };
                var planned = observation.Selection.Sources.Select(source => RunManifest.Build(observation.Schedule, run.Tick, source));
                return total > 0
                    ? status with { LastRun = record, Active = RunProgress.Active(observation.Jobs.Where(RunProgress.IsActive).Concat(planned)) }
                    : status with { LastRun = record with { StartedAt = now, FinishedAt = now } };
            case TickAction.Missed missed:
                var many = missed.Count == 1 ? "the run" : $"{missed.Count}{(missed.Count == TickRule.MaxCount ? " or more" : "")} runs, the last";
                events.Add(new ScheduleEvent(Reason.Missed, $"{many} of {missed.Tick.UtcDateTime:u} left out: {missed.Reason} (spec.startingDeadlineSeconds)"));
                return status with { MissedRuns = (status.MissedRuns ?? 0) + missed.Count };
            default:
                return status;
        }
    }
}
