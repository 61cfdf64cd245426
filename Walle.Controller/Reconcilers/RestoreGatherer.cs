using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Hooks;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Pipeline.Restore;
using Walle.Controller.Projections;
using Walle.Controller.Reconcilers.Hooks;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>Builds the observation that a decision about a RestoreJob is made from.</summary>
internal sealed class RestoreGatherer(RestoreListers listers, WorkerPods pods, TargetReader target, SourceReader source, WorkloadReader workloads, LockHolderReader lockHolders, WorkerSettings settings, TimeProvider time)
{
    public async Task<RestoreObservation> GatherAsync(RestoreJob job, ActionFailure? failure, CancellationToken cancellationToken)
    {
        var uid = job.Metadata.Uid ?? "";
        var status = job.Status ?? new RestoreJobStatus();
        var observation = new RestoreObservation
        {
            Job = job,
            Now = time.GetUtcNow(),
            Settings = settings,
            ActionFailure = failure,
            // Of its own namespace only: anybody may write the label on an object of another one.
            Jobs = [.. listers.Jobs.ByIndex(IndexNames.OwnerUid, uid).Where(child => child.Name.Namespace == job.Metadata.Namespace && child.ControllerUid == uid)],
        };
        observation = observation with
        {
            Pods = RestoreResult.IsKnown(status) ? pods.Known(observation.Namespace, uid) : await pods.ReadAsync(observation.Namespace, uid, observation.Jobs, cancellationToken),
        };
        if (RestoreResult.IsKnown(status))
        {
            var gone = observation.Jobs.Count == 0 && observation.Pods.Count == 0;
            return observation with { ConfirmedGone = gone && (status.IsTrue(ConditionTypes.CleanedUp) || await NoneLeftAsync(job, cancellationToken)) };
        }

        if (RestorePipeline.Refusal(job) is not null || job.Metadata.DeletionTimestamp is not null || job.Metadata.Finalizers?.Contains(WellKnown.Finalizer) != true)
        {
            return observation;
        }

        try
        {
            observation = observation with { Holders = await HoldersAsync(observation, status, cancellationToken) };
            return observation.RunsCommand ? await GatherCommandAsync(observation, status, cancellationToken) : await GatherTargetAsync(observation, status, cancellationToken);
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is { Class: ApiErrorClass.Forbidden } error)
        {
            return observation with { ReadFailure = new ActionFailure(Reason.Forbidden, error.Message, IsFinal: false) };
        }
    }

    /// <summary>Only when a lock stopped the last attempt: whose it is.</summary>
    private Task<IReadOnlyDictionary<string, LockHolder>> HoldersAsync(RestoreObservation observation, RestoreJobStatus status, CancellationToken cancellationToken)
    {
        var uid = observation.Uid;
        var (attempt, plan) = (status.Attempts ?? 1, status.PlanAttempts ?? 1);
        var last = new[] { ResourceNames.RestoreJob(uid, attempt), ResourceNames.RestoreJob(uid, attempt - 1), ResourceNames.PlanJob(uid, plan), ResourceNames.PlanJob(uid, plan - 1) }
            .Select(name => observation.Jobs.FirstOrDefault(job => job.Name.Name == name)).OfType<JobProjection>().FirstOrDefault();
        return lockHolders.ReadAsync(last is null ? null : WorkerOutcome.Of(last, observation.Pods, observation), cancellationToken);
    }

    private async Task<RestoreObservation> GatherCommandAsync(RestoreObservation observation, RestoreJobStatus status, CancellationToken cancellationToken)
    {
        var makesWorker = status.CommandWorker is null && !HasJob(observation, ResourceNames.RestoreJob(observation.Uid, status.Attempts ?? 1));
        if (status.IsTrue(ConditionTypes.Accepted) && !makesWorker)
        {
            return observation;
        }

        var exec = observation.Job.Spec.Target.Exec!;
        var kind = exec.Kind ?? SourceKind.StatefulSet;
        var facts = await workloads.ReadAsync(observation.Namespace, new BackupSource { Kind = kind, Name = exec.Name }, cancellationToken);
        return observation with { Command = RestoreCommandPlanner.Plan(facts, kind, exec.Name, observation.Namespace) };
    }

    private async Task<RestoreObservation> GatherTargetAsync(RestoreObservation observation, RestoreJobStatus status, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(observation.Namespace, observation.TargetName);
        observation = observation with { Target = await target.ReadAsync(name, cancellationToken) };
        var plans = observation.Job.Spec.Target.Create is not null && !status.IsTrue(ConditionTypes.SnapshotChosen);
        var starts = !HasJob(observation, ResourceNames.RestoreJob(observation.Uid, status.Attempts ?? 1));
        if (!status.IsTrue(ConditionTypes.Accepted) || (!plans && starts))
        {
            observation = observation with { TargetUser = await target.FindUserAsync(name, cancellationToken) };
        }

        if (!status.IsTrue(ConditionTypes.TargetReady))
        {
            observation = await GatherClassAsync(observation, status, cancellationToken);
        }

        var makesWorker = plans ? !HasJob(observation, ResourceNames.PlanJob(observation.Uid, status.PlanAttempts ?? 1)) : starts;
        return makesWorker && observation.Options.Worker?.SecurityProfile is null or SecurityProfile.Auto
            ? observation with { NamespaceIsRestricted = await source.NamespaceIsRestrictedAsync(observation.Namespace, cancellationToken) }
            : observation;
    }

    private async Task<RestoreObservation> GatherClassAsync(RestoreObservation observation, RestoreJobStatus status, CancellationToken cancellationToken)
    {
        if (observation.Target?.StorageClassName is { Length: > 0 } ofTarget)
        {
            return observation with { TargetWaitsForConsumer = await source.WaitsForConsumerAsync(ofTarget, cancellationToken) };
        }

        return status.PlannedClaim?.StorageClassName is { Length: > 0 } planned
            ? observation with { StorageClassIsMissing = !await target.StorageClassExistsAsync(planned, cancellationToken) }
            : observation;
    }

    /// <summary>A look that fails confirms nothing, and must not keep a RestoreJob from being let go of.</summary>
    private async Task<bool> NoneLeftAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        try
        {
            return !await target.HasJobsAsync(job, cancellationToken);
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is not null)
        {
            return false;
        }
    }

    private static bool HasJob(RestoreObservation observation, string name) => observation.Jobs.Any(job => job.Name.Name == name);
}
