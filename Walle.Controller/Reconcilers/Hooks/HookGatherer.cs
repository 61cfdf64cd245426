using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Hooks;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers.Hooks;

/// <summary>What a decision needs to know about hooks: how those that were started have ended, and, only when something is to be started, the annotations.</summary>
internal sealed class HookGatherer(WorkloadReader workloads, HookRunner hooks)
{
    public BackupObservation Results(BackupObservation observation) => observation with { Instance = hooks.Instance, HookRuns = hooks.ResultsOf(observation.Uid) };

    /// <summary>The source as it is now, and what its annotations come to.</summary>
    public async Task<BackupObservation> ReadAsync(BackupObservation observation, CancellationToken cancellationToken)
    {
        var facts = await workloads.ReadAsync(observation.Namespace, observation.Job.Spec.Source, cancellationToken);
        var plan = facts is null ? null : HookPlanner.Plan(facts, observation.Namespace);
        if (plan is { HasHooks: true })
        {
            hooks.Remember(observation.Uid, plan);
        }

        return observation with { Workload = facts, Plan = plan };
    }

    /// <summary>Of an accepted BackupJob: the plan, where a step may ask for it.</summary>
    public async Task<BackupObservation> PlanAsync(BackupObservation observation, BackupJobStatus status, CancellationToken cancellationToken)
    {
        if (status.Hooks is not null)
        {
            observation = await PlanOfWindowAsync(observation, status, cancellationToken);
        }
        else if (!status.IsTrue(ConditionTypes.SnapshotReady) && (observation.IsWorkload ? observation.Group is null && observation.Parts.All(part => part.Snapshot is null) : observation.Snapshot is null))
        {
            // A window may be opened now: with the annotations of this moment.
            observation = Withheld(await ReadAsync(observation, cancellationToken));
        }

        return observation.Plan is null && observation.Parts.Any(part => part.IsDump && !VolumeViews.IsKnown(status, part) && part.Jobs.Count == 0)
            ? await ReadAsync(observation, cancellationToken)
            : observation;
    }

    /// <summary>Of a BackupJob that is over while its window is open. A look that fails must not keep it from being let go of.</summary>
    public async Task<BackupObservation> PlanForThawAsync(BackupObservation observation, BackupJobStatus status, CancellationToken cancellationToken)
    {
        try
        {
            return await PlanOfWindowAsync(observation, status, cancellationToken);
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is not null)
        {
            return observation;
        }
    }

    private async Task<BackupObservation> PlanOfWindowAsync(BackupObservation observation, BackupJobStatus status, CancellationToken cancellationToken)
    {
        if (!HookState.IsOpen(status) && HookState.Before(status).All(HookState.IsFinal))
        {
            return observation;
        }

        if (hooks.PlanOf(observation.Uid) is { } known)
        {
            return observation with { Plan = known };
        }

        // After a restart. The workload may have been deleted meanwhile; its Pods go later.
        var source = observation.Job.Spec.Source;
        var facts = await workloads.ReadAsync(observation.Namespace, source, cancellationToken)
            ?? await workloads.ReadPodsAsync(observation.Namespace, source, [.. status.Hooks!.Select(hook => hook.PodUid ?? "")], cancellationToken);
        var plan = HookPlanner.PlanForThaw(facts, observation.Namespace);
        hooks.Remember(observation.Uid, plan);
        return observation with { Plan = plan };
    }

    /// <summary>A dump alone is no window, and a claim that is gone is told by its own step.</summary>
    private static BackupObservation Withheld(BackupObservation observation) =>
        observation.Plan is { Problem: null, HasHooks: false, Dump: null } ? observation with { Plan = null } : observation;
}
