using Walle.Controller.Pipeline.Slots;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>It needs the repository for itself: backups under way end first, and new ones wait for it (<see cref="RepositoryUse"/>).</summary>
internal static class WaitingStep
{
    /// <summary>Then it gives up until its next time: backups matter more.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    public static MaintenanceDecision Decide(MaintenanceObservation observation, BackupScheduleStatus status, string verb, MaintenanceStatus run)
    {
        var spec = observation.Schedule.Spec;
        if (verb == WorkerVerb.Prune ? spec.Prune is null : spec.Check is null)
        {
            return MaintenanceResult.End(observation, status, run, Reason.Cancelled, $"spec.{verb} was removed");
        }

        if (observation.Slot.IsGiven)
        {
            return new MaintenanceDecision(MaintenanceRuns.With(status, run with
            {
                StartedAt = ConditionSet.Seconds(observation.Now),
                Attempts = 1,
                Result = nameof(Reason.InProgress),
                Message = WorkerOutcome.Starting,
            }));
        }

        var deadline = new Deadline(run.WaitingSince ?? observation.Now, Patience, observation.Now);
        if (deadline.HasPassed)
        {
            return MaintenanceResult.End(observation, status, run, Reason.MaintenanceDeferred, $"the repository was not free within {Display.Duration(Patience)}: {observation.Slot.WaitsFor}; it is tried again at its next time");
        }

        if (observation.Slot.IsNews || run.Message is null)
        {
            status = MaintenanceRuns.With(status, run with { Result = nameof(Reason.WaitingForRepository), Message = ConditionSet.Cut($"waits: {observation.Slot.WaitsFor}", ConditionList.MaxMessageLength) });
        }

        return new MaintenanceDecision(status, WakeAt: observation.Now + (deadline.Remaining < SlotStep.LookAgain ? deadline.Remaining : SlotStep.LookAgain));
    }
}
