using k8s;
using k8s.Models;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>Carries out the one write of a decision about a RestoreJob, and says when the stores will have seen it.</summary>
internal sealed class RestoreActions(IKubernetes kubernetes, RestoreJobClient restoreJobs, RestoreListers listers)
{
    /// <summary>Why the write could not be done, or null. Failures that pass (no connection, throttled, conflict) are exceptions: the queue retries.</summary>
    public async Task<(ActionFailure? Failure, Func<bool>? Seen)> ExecuteAsync(RestoreJob job, PipelineAction action, CancellationToken cancellationToken)
    {
        try
        {
            return (null, await WriteAsync(job, action, cancellationToken));
        }
        catch (NameConflictException conflict)
        {
            return (new ActionFailure(action is PipelineAction.CreateTarget ? Reason.TargetExists : Reason.NameConflict, conflict.Message, IsFinal: true), null);
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is { } error)
        {
            if (Failure(error) is not { } failure)
            {
                throw;
            }

            return (failure, null);
        }
    }

    private async Task<Func<bool>> WriteAsync(RestoreJob job, PipelineAction action, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(job.Metadata.Namespace ?? "", job.Metadata.Name ?? "");
        switch (action)
        {
            case PipelineAction.AddFinalizer:
                return await FinalizersAsync(job, name, [.. job.Metadata.Finalizers ?? [], WellKnown.Finalizer], cancellationToken);
            case PipelineAction.RemoveFinalizer:
                return await FinalizersAsync(job, name, [.. (job.Metadata.Finalizers ?? []).Where(finalizer => finalizer != WellKnown.Finalizer)], cancellationToken);
            case PipelineAction.CreateTarget create:
                return await CreateTargetAsync(job, create.Manifest, cancellationToken);
            case PipelineAction.CreateJob create:
                return await CreateJobAsync(job, create.Manifest, cancellationToken);
            case PipelineAction.DeleteJob delete:
                await BackupActions.DeletedAsync(
                    () => kubernetes.BatchV1.DeleteNamespacedJobAsync(delete.Name, name.Namespace, BackupActions.Precondition(delete.Uid), cancellationToken: cancellationToken));
                return () => listers.Jobs.Get(name with { Name = delete.Name }) is not { } left || left.Deleting || left.Uid != delete.Uid;
            case PipelineAction.DeleteRestoreJob:
                await BackupActions.DeletedAsync(() => restoreJobs.DeleteAsync(name, job.Metadata.Uid ?? "", cancellationToken));
                return () => listers.RestoreJobs.Get(name) is not { } left || left.Object.Metadata.DeletionTimestamp is not null || left.Uid != job.Metadata.Uid;
            default:
                throw new InvalidOperationException($"no write of a restore is known for {action.GetType().Name}");
        }
    }

    private async Task<Func<bool>> FinalizersAsync(RestoreJob job, NamespacedName name, IReadOnlyList<string> finalizers, CancellationToken cancellationToken)
    {
        var version = await restoreJobs.WriteFinalizersAsync(job, finalizers, cancellationToken);
        return () => listers.RestoreJobs.Get(name) is not { } seen || seen.ResourceVersion >= version;
    }

    /// <summary>It is read from the API server each time: there is no store to wait for.</summary>
    private async Task<Func<bool>> CreateTargetAsync(RestoreJob job, V1PersistentVolumeClaim manifest, CancellationToken cancellationToken)
    {
        var (ns, name) = (manifest.Metadata.NamespaceProperty, manifest.Metadata.Name);
        var claim = await BackupActions.CreatedAsync(
            () => kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(manifest, ns, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken),
            () => kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(name, ns, cancellationToken: cancellationToken));
        if (claim.Metadata.Annotations?.TryGetValue(WellKnown.RestoreUidAnnotation, out var madeFor) != true || madeFor != job.Metadata.Uid)
        {
            throw new NameConflictException($"PersistentVolumeClaim {name} was made by somebody else meanwhile; name another claim, or remove spec.target.create");
        }

        return () => true;
    }

    private async Task<Func<bool>> CreateJobAsync(RestoreJob job, V1Job manifest, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(manifest.Metadata.NamespaceProperty, manifest.Metadata.Name);
        var created = await BackupActions.CreatedAsync(
            () => kubernetes.BatchV1.CreateNamespacedJobAsync(manifest, name.Namespace, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken),
            () => kubernetes.BatchV1.ReadNamespacedJobAsync(name.Name, name.Namespace, cancellationToken: cancellationToken));
        if (BackupActions.Controller(created.Metadata) != job.Metadata.Uid)
        {
            throw new NameConflictException($"Job {name.Name} exists and is not of this RestoreJob; look at it with: kubectl -n {name.Namespace} get job {name.Name} -o yaml");
        }

        return () => listers.Jobs.Get(name)?.ResourceVersion >= BackupActions.Version(created.Metadata);
    }

    private static ActionFailure? Failure(ApiError error) => error.Class switch
    {
        ApiErrorClass.NamespaceTerminating => new ActionFailure(Reason.NamespaceTerminating, "the namespace is being deleted", IsFinal: true),
        ApiErrorClass.QuotaExceeded => new ActionFailure(Reason.QuotaExceeded, error.Message, IsFinal: false),
        ApiErrorClass.Forbidden => new ActionFailure(Reason.Forbidden, error.Message, IsFinal: false),
        ApiErrorClass.Invalid => new ActionFailure(Reason.InvalidSpec, error.Message, IsFinal: true),
        _ => null,
    };
}
