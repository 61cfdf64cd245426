using Walle.Controller.Informers;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>Builds the part of a schedule's observation that its prune and check depend on.</summary>
internal sealed class MaintenanceGatherer(
    ScheduleListers listers, WorkerPods pods, SlotLedger slots, SourceReader source, LockHolderReader lockHolders, WorkerSettings settings, TimeProvider time)
{
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
        };
        observation = observation with { Pods = await pods.ReadAsync(observation.Namespace, uid, observation.Jobs, cancellationToken) };
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

        return observation with { Holders = await lockHolders.ReadAsync(WorkerOutcome.Of(attempt, observation.Pods, observation), cancellationToken) };
    }
}
