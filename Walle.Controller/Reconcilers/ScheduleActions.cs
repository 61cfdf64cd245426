using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Schedules;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>Carries out the writes of a schedule's decision, a few at a time.</summary>
internal sealed class ScheduleActions(IKubernetes kubernetes, BackupJobClient backupJobs, ScheduleListers listers)
{
    /// <summary>The key of a failure to make a worker for the repository: no BackupJob's name holds a space.</summary>
    public const string MaintenanceFailure = "maintenance worker";

    private const int AtOnce = 8;

    /// <summary>
    /// Why some could not be created, by name, and when the stores will have seen the rest. A failure that passes (no connection, throttled) ends all: the
    /// queue retries.
    /// </summary>
    public async Task<(IReadOnlyDictionary<string, ActionFailure> Failures, Func<bool> Seen)> ExecuteAsync(
        BackupSchedule schedule, IReadOnlyList<ScheduleAction> actions, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, ActionFailure> failures = new();
        var ns = schedule.Metadata.Namespace ?? "";
        await Parallel.ForEachAsync(actions, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (action, token) =>
        {
            if (action is ScheduleAction.DeleteBackupJob delete)
            {
                await DeleteAsync(new NamespacedName(ns, delete.Name), delete.Uid, token);
            }
            else if (action is ScheduleAction.DeleteJob worker)
            {
                await BackupActions.DeletedAsync(() => kubernetes.BatchV1.DeleteNamespacedJobAsync(worker.Name, ns, BackupActions.Precondition(worker.Uid), cancellationToken: token));
            }
            else if (action is ScheduleAction.CreateJob { Manifest: var job } && await CreateJobAsync(schedule, job, token) is { } refused)
            {
                failures[MaintenanceFailure] = refused;
            }
            else if (action is ScheduleAction.CreateBackupJob { Manifest: var manifest } && await CreateAsync(manifest, token) is { } failure)
            {
                failures[manifest.Metadata.Name!] = failure;
            }
        });
        return (failures, () => actions.All(action => IsSeen(ns, action, failures)));
    }

    private async Task<ActionFailure?> CreateAsync(BackupJob manifest, CancellationToken cancellationToken)
    {
        try
        {
            await backupJobs.CreateAsync(manifest, cancellationToken);
            return null;
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is { } error)
        {
            return error.Class switch
            {
                // Made before a restart, or by a controller beside this one. If it is somebody else's, the store will not show it as ours.
                ApiErrorClass.AlreadyExists => IsForeign(manifest) ? Final(Reason.NameConflict, $"BackupJob {manifest.Metadata.Name} exists and is not of this schedule") : null,
                ApiErrorClass.NamespaceTerminating => Final(Reason.NamespaceTerminating, "the namespace is being deleted"),
                ApiErrorClass.Invalid => Final(Reason.InvalidSpec, error.Message),
                ApiErrorClass.QuotaExceeded => new ActionFailure(Reason.QuotaExceeded, error.Message, IsFinal: false),
                ApiErrorClass.Forbidden => new ActionFailure(Reason.Forbidden, error.Message, IsFinal: false),
                _ => throw new IOException($"BackupJob {manifest.Metadata.Name} could not be created: {error.Message}", exception),
            };
        }
    }

    private async Task<ActionFailure?> CreateJobAsync(BackupSchedule schedule, V1Job manifest, CancellationToken cancellationToken)
    {
        try
        {
            var created = await BackupActions.CreatedAsync(
                () => kubernetes.BatchV1.CreateNamespacedJobAsync(manifest, manifest.Metadata.NamespaceProperty, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken),
                () => kubernetes.BatchV1.ReadNamespacedJobAsync(manifest.Metadata.Name, manifest.Metadata.NamespaceProperty, cancellationToken: cancellationToken));
            return BackupActions.Controller(created.Metadata) == schedule.Metadata.Uid ? null : Final(Reason.NameConflict, $"Job {manifest.Metadata.Name} exists and is not of this BackupSchedule");
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is { } error)
        {
            return error.Class switch
            {
                ApiErrorClass.NamespaceTerminating => Final(Reason.NamespaceTerminating, "the namespace is being deleted"),
                ApiErrorClass.Invalid => Final(Reason.InvalidSpec, error.Message),
                ApiErrorClass.QuotaExceeded => new ActionFailure(Reason.QuotaExceeded, error.Message, IsFinal: false),
                ApiErrorClass.Forbidden => new ActionFailure(Reason.Forbidden, error.Message, IsFinal: false),
                _ => throw new IOException($"Job {manifest.Metadata.Name} could not be created: {error.Message}", exception),
            };
        }
    }

    private async Task DeleteAsync(NamespacedName name, string uid, CancellationToken cancellationToken)
    {
        try
        {
            await backupJobs.DeleteAsync(name, uid, cancellationToken);
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken)?.Class is ApiErrorClass.NotFound or ApiErrorClass.Conflict)
        {
            // Gone, or replaced by another of the same name: either way ours is gone.
            return;
        }
    }

    private bool IsForeign(BackupJob manifest) =>
        listers.BackupJobs.Get(new NamespacedName(manifest.Metadata.Namespace ?? "", manifest.Metadata.Name ?? "")) is { } found && found.ScheduleUid != manifest.Metadata.OwnerReferences![0].Uid;

    private bool IsSeen(string ns, ScheduleAction action, ConcurrentDictionary<string, ActionFailure> failures) => action switch
    {
        ScheduleAction.CreateBackupJob create => failures.ContainsKey(create.Manifest.Metadata.Name!) || listers.BackupJobs.Get(new NamespacedName(ns, create.Manifest.Metadata.Name!)) is not null,
        ScheduleAction.DeleteBackupJob delete => listers.BackupJobs.Get(new NamespacedName(ns, delete.Name)) is not { } left || left.Uid != delete.Uid || left.Object.Metadata.DeletionTimestamp is not null,
        ScheduleAction.CreateJob create => failures.ContainsKey(MaintenanceFailure) || listers.Jobs.Get(new NamespacedName(ns, create.Manifest.Metadata.Name)) is not null,
        ScheduleAction.DeleteJob delete => listers.Jobs.Get(new NamespacedName(ns, delete.Name)) is not { } worker || worker.Uid != delete.Uid || worker.Deleting,
        _ => true,
    };

    private static ActionFailure Final(Reason reason, string message) => new(reason, message, IsFinal: true);
}
