using k8s;
using k8s.Models;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Reconcilers.Hooks;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>Carries out the one write of a decision, and says when the stores will have seen it.</summary>
internal sealed class BackupActions(IKubernetes kubernetes, BackupJobClient backupJobs, VolumeSnapshotClient snapshots, VolumeGroupSnapshotClient groups, InitializationLease initialization, HookRunner hooks, BackupListers listers)
{
    /// <summary>Why the write could not be done, or null. Failures that pass (no connection, throttled, conflict) are exceptions: the queue retries.</summary>
    public async Task<(ActionFailure? Failure, Func<bool>? Seen)> ExecuteAsync(BackupJob job, PipelineAction action, CancellationToken cancellationToken)
    {
        try
        {
            return (null, await WriteAsync(job, action, cancellationToken));
        }
        catch (NameConflictException conflict)
        {
            return (new ActionFailure(Reason.NameConflict, conflict.Message, IsFinal: true) { About = About(action) }, null);
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is { } error)
        {
            if (Failure(action, error) is not { } failure)
            {
                throw;
            }

            return (failure with { About = About(action) }, null);
        }
    }

    /// <summary>Of several snapshots that are refused at once all are meant: what refuses one refuses the next.</summary>
    private static string? About(PipelineAction action) => action switch
    {
        PipelineAction.CreateSnapshot create => NameOf(create),
        PipelineAction.CreateClone create => create.Manifest.Metadata.Name,
        PipelineAction.CreateJob create => create.Manifest.Metadata.Name,
        _ => null,
    };

    private async Task<Func<bool>> WriteAsync(BackupJob job, PipelineAction action, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(job.Metadata.Namespace ?? "", job.Metadata.Name ?? "");
        switch (action)
        {
            case PipelineAction.AddFinalizer:
                return await FinalizersAsync(job, [.. job.Metadata.Finalizers ?? [], WellKnown.Finalizer], cancellationToken);
            case PipelineAction.RemoveFinalizer:
                return await FinalizersAsync(job, [.. (job.Metadata.Finalizers ?? []).Where(finalizer => finalizer != WellKnown.Finalizer)], cancellationToken);
            case PipelineAction.CreateSnapshot create:
                return await CreateSnapshotAsync(job, create, cancellationToken);
            case PipelineAction.CreateSnapshots create:
                return await CreateSnapshotsAsync(job, create, cancellationToken);
            case PipelineAction.CreateGroupSnapshot create:
                return await CreateGroupSnapshotAsync(job, create, cancellationToken);
            case PipelineAction.RunHooks run:
                hooks.Start(name, job.Metadata.Uid ?? "", run.Runs);
                return () => true;
            case PipelineAction.CreateClone create:
                return await CreateCloneAsync(job, create.Manifest, cancellationToken);
            case PipelineAction.CreateJob create:
                return await CreateJobAsync(job, create.Manifest, cancellationToken);
            case PipelineAction.CreateInitJob create:
                return await initialization.TryAcquireAsync(job, cancellationToken) ? await CreateJobAsync(job, create.Manifest, cancellationToken) : () => true;
            case PipelineAction.DeleteJob delete:
                await DeletedAsync(() => kubernetes.BatchV1.DeleteNamespacedJobAsync(delete.Name, name.Namespace, Precondition(delete.Uid), cancellationToken: cancellationToken));
                if (delete.Name == ResourceNames.InitJob(job.Metadata.Uid ?? ""))
                {
                    await initialization.ReleaseAsync(job, cancellationToken);
                }

                return () => listers.Jobs.Get(name with { Name = delete.Name }) is not { } left || left.Deleting || left.Uid != delete.Uid;
            case PipelineAction.DeleteClone delete:
                await DeletedAsync(() => kubernetes.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync(delete.Name, name.Namespace, Precondition(delete.Uid), cancellationToken: cancellationToken));
                return () => listers.Claims.Get(name with { Name = delete.Name }) is not { } left || left.Deleting || left.Uid != delete.Uid;
            case PipelineAction.DeleteSnapshot delete:
                await DeletedAsync(() => snapshots.DeleteAsync(name with { Name = delete.Name }, delete.Uid, cancellationToken));
                return () => listers.Snapshots.Get(name with { Name = delete.Name }) is not { } left || left.Deleting || left.Uid != delete.Uid;
            case PipelineAction.DeleteGroupSnapshot delete:
                await DeletedAsync(() => groups.DeleteAsync(delete.Version, name with { Name = delete.Name }, delete.Uid, cancellationToken));
                return () => true;
            case PipelineAction.DeleteBackupJob:
                await DeletedAsync(() => backupJobs.DeleteAsync(name, job.Metadata.Uid ?? "", cancellationToken));
                return () => listers.BackupJobs.Get(name) is not { } left || left.Object.Metadata.DeletionTimestamp is not null || left.Uid != job.Metadata.Uid;
            default:
                throw new InvalidOperationException($"no write is known for {action.GetType().Name}");
        }
    }

    private async Task<Func<bool>> FinalizersAsync(BackupJob job, IReadOnlyList<string> finalizers, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(job.Metadata.Namespace ?? "", job.Metadata.Name ?? "");
        var version = await backupJobs.WriteFinalizersAsync(job, finalizers, cancellationToken);
        return () => listers.BackupJobs.Get(name) is not { } seen || seen.ResourceVersion >= version;
    }

    private async Task<Func<bool>> CreateSnapshotAsync(BackupJob job, PipelineAction.CreateSnapshot create, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(job.Metadata.Namespace ?? "", NameOf(create));
        var (controller, version) = await CreatedAsync(() => snapshots.CreateAsync(create.Manifest, name.Namespace, cancellationToken), () => snapshots.GetAsync(name, cancellationToken));
        Own(job, controller, "VolumeSnapshot", name);
        return () => listers.Snapshots.Get(name)?.ResourceVersion >= version;
    }

    /// <summary>Side by side; one that is refused does not keep the others from being made.</summary>
    private async Task<Func<bool>> CreateSnapshotsAsync(BackupJob job, PipelineAction.CreateSnapshots create, CancellationToken cancellationToken)
    {
        var seen = await Task.WhenAll(create.Snapshots.Select(snapshot => CreateSnapshotAsync(job, snapshot, cancellationToken)));
        return () => seen.All(one => one());
    }

    /// <summary>No store holds it: each look at it is a live one.</summary>
    private async Task<Func<bool>> CreateGroupSnapshotAsync(BackupJob job, PipelineAction.CreateGroupSnapshot create, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(job.Metadata.Namespace ?? "", create.Manifest["metadata"]!["name"]!.GetValue<string>());
        var created = await CreatedAsync(() => groups.CreateAsync(create.Version, create.Manifest, name.Namespace, cancellationToken), () => groups.GetAsync(create.Version, name, cancellationToken));
        Own(job, VolumeSnapshotClient.Identity(created).ControllerUid, "VolumeGroupSnapshot", name);
        return () => true;
    }

    private static string NameOf(PipelineAction.CreateSnapshot create) => create.Manifest["metadata"]!["name"]!.GetValue<string>();

    private async Task<Func<bool>> CreateCloneAsync(BackupJob job, V1PersistentVolumeClaim manifest, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(manifest.Metadata.NamespaceProperty, manifest.Metadata.Name);
        var claim = await CreatedAsync(
            () => kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(manifest, name.Namespace, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken),
            () => kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(name.Name, name.Namespace, cancellationToken: cancellationToken));
        Own(job, Controller(claim.Metadata), "PersistentVolumeClaim", name);
        return () => listers.Claims.Get(name)?.ResourceVersion >= Version(claim.Metadata);
    }

    private async Task<Func<bool>> CreateJobAsync(BackupJob job, V1Job manifest, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(manifest.Metadata.NamespaceProperty, manifest.Metadata.Name);
        var created = await CreatedAsync(
            () => kubernetes.BatchV1.CreateNamespacedJobAsync(manifest, name.Namespace, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken),
            () => kubernetes.BatchV1.ReadNamespacedJobAsync(name.Name, name.Namespace, cancellationToken: cancellationToken));
        Own(job, Controller(created.Metadata), "Job", name);
        return () => listers.Jobs.Get(name)?.ResourceVersion >= Version(created.Metadata);
    }

    /// <summary>A create of what exists is an adoption: it was made before a restart, or the answer to the first create was lost.</summary>
    internal static async Task<T> CreatedAsync<T>(Func<Task<T>> create, Func<Task<T>> read)
    {
        try
        {
            return await create();
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.AlreadyExists))
        {
            return await ReadAsync(read);
        }
    }

    private static async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.NotFound))
        {
            // Gone between the two calls: it is created next time. To the caller a NotFound would say that the API is not served.
            throw new IOException("the object was deleted while it was being adopted", exception);
        }
    }

    /// <summary>Gone already, or replaced by another object of the same name: either way ours is gone.</summary>
    internal static async Task DeletedAsync(Func<Task> delete)
    {
        try
        {
            await delete();
        }
        catch (Exception exception) when (ApiError.From(exception, CancellationToken.None)?.Class is ApiErrorClass.NotFound or ApiErrorClass.Conflict)
        {
            return;
        }
    }

    private static void Own(BackupJob job, string? controllerUid, string kind, NamespacedName name)
    {
        if (controllerUid != job.Metadata.Uid)
        {
            throw new NameConflictException($"{kind} {name.Name} exists and is not of this BackupJob; look at it with: kubectl -n {name.Namespace} get {kind} {name.Name} -o yaml");
        }
    }

    private static ActionFailure? Failure(PipelineAction action, ApiError error) => error.Class switch
    {
        ApiErrorClass.NamespaceTerminating => new ActionFailure(Reason.NamespaceTerminating, "the namespace is being deleted", IsFinal: true),
        ApiErrorClass.QuotaExceeded => new ActionFailure(Reason.QuotaExceeded, error.Message, IsFinal: false),
        ApiErrorClass.Forbidden => new ActionFailure(Reason.Forbidden, error.Message, IsFinal: false),
        ApiErrorClass.Invalid => new ActionFailure(Reason.InvalidSpec, error.Message, IsFinal: true),
        ApiErrorClass.NotFound when action is PipelineAction.CreateSnapshot or PipelineAction.CreateSnapshots or PipelineAction.CreateGroupSnapshot => new ActionFailure(Reason.SnapshotApiMissing, error.Message, IsFinal: false),
        _ => null,
    };

    // In the body: the server ignores a propagationPolicy in the query when there is a body, and a Job's default is to orphan its Pods.
    internal static V1DeleteOptions Precondition(string uid) => new() { Preconditions = new V1Preconditions { Uid = uid }, PropagationPolicy = "Background" };

    internal static string? Controller(V1ObjectMeta metadata) => metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true)?.Uid;

    internal static ulong Version(V1ObjectMeta metadata) => ulong.TryParse(metadata.ResourceVersion, out var version) ? version : 0;
}
