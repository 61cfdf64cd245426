using k8s;
using k8s.Models;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>Live looks at a BackupJob's temporary objects: absence from a store alone is never acted upon.</summary>
internal sealed class LeftoverReader(IKubernetes kubernetes, VolumeSnapshotClient snapshots, GroupSnapshotReader groups)
{
    public async Task<bool> NoneAsync(BackupJob job, CancellationToken cancellationToken)
    {
        var selector = $"{WellKnown.OwnerUidLabel}={job.Metadata.Uid}";
        var jobs = await kubernetes.BatchV1.ListNamespacedJobAsync(job.Metadata.Namespace, labelSelector: selector, cancellationToken: cancellationToken);
        if (jobs.Items.Any(child => IsControlled(child.Metadata, job)))
        {
            return false;
        }

        // Of a workload one for each volume; else the only one, which has no name of its own.
        string?[] volumes = job.Spec.Source.Kind is null or SourceKind.PersistentVolumeClaim
            ? [null]
            : [.. (job.Status?.Volumes ?? []).Where(volume => volume.Phase != BackupPhase.Skipped).Select(volume => volume.ClaimName)];
        foreach (var volume in volumes)
        {
            if (await CloneExistsAsync(job, volume, cancellationToken) || await SnapshotExistsAsync(job, volume, cancellationToken))
            {
                return false;
            }
        }

        return job.Status is not { } status || await groups.IsGoneAsync(job.Metadata.Namespace ?? "", job.Metadata.Uid ?? "", status, cancellationToken);
    }

    public async Task<bool> SnapshotExistsAsync(BackupJob job, string? volume, CancellationToken cancellationToken)
    {
        try
        {
            var name = new NamespacedName(job.Metadata.Namespace ?? "", ResourceNames.Snapshot(job.Metadata.Uid ?? "", volume));
            return (await snapshots.GetAsync(name, cancellationToken)).ControllerUid == job.Metadata.Uid;
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.NotFound))
        {
            return false;
        }
    }

    public async Task<bool> CloneExistsAsync(BackupJob job, string? volume, CancellationToken cancellationToken)
    {
        try
        {
            var clone = await kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(
                ResourceNames.Clone(job.Metadata.Uid ?? "", volume), job.Metadata.Namespace, cancellationToken: cancellationToken);
            return IsControlled(clone.Metadata, job);
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.NotFound))
        {
            return false;
        }
    }

    private static bool IsControlled(V1ObjectMeta metadata, BackupJob job) =>
        metadata.OwnerReferences?.Any(owner => owner.Controller == true && owner.Uid == job.Metadata.Uid) == true;
}
