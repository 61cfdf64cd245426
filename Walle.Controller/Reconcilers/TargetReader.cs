using k8s;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline.Restore;
using Walle.Crds;

namespace Walle.Controller.Reconcilers;

/// <summary>Live reads about a restore's target: what is decided from them is whether somebody's data is written over.</summary>
internal sealed class TargetReader(IKubernetes kubernetes)
{
    public async Task<TargetFacts?> ReadAsync(NamespacedName name, CancellationToken cancellationToken) =>
        await FoundAsync(() => kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(name.Name, name.Namespace, cancellationToken: cancellationToken)) is { } claim
            ? new TargetFacts(
                claim.Metadata.Uid, claim.Status?.Phase, claim.Metadata.DeletionTimestamp is not null, claim.Spec.VolumeMode, claim.Spec.StorageClassName,
                claim.Metadata.Annotations?.TryGetValue(WellKnown.RestoreUidAnnotation, out var uid) == true ? uid : null)
            : null;

    /// <summary>
    /// A Pod that mounts the claim, or is about to: also one that is Pending, as it would start in the middle of the restore. One that stays comes before
    /// one that goes.
    /// </summary>
    public async Task<TargetUser?> FindUserAsync(NamespacedName claim, CancellationToken cancellationToken)
    {
        var pods = await kubernetes.CoreV1.ListNamespacedPodAsync(claim.Namespace, cancellationToken: cancellationToken);
        return pods.Items
            .Where(pod => pod.Status?.Phase is not ("Succeeded" or "Failed") && pod.Spec.Volumes?.Any(volume => volume.PersistentVolumeClaim?.ClaimName == claim.Name) == true)
            .Select(pod => new TargetUser(pod.Metadata.Name, pod.Metadata.DeletionTimestamp is not null))
            .OrderBy(user => user.Deleting).ThenBy(user => user.Pod, StringComparer.Ordinal).FirstOrDefault();
    }

    public async Task<bool> StorageClassExistsAsync(string name, CancellationToken cancellationToken) =>
        await FoundAsync(() => kubernetes.StorageV1.ReadStorageClassAsync(name, cancellationToken: cancellationToken)) is not null;

    /// <summary>Jobs of this owner that the API server still lists.</summary>
    public async Task<bool> HasJobsAsync(CustomResource owner, CancellationToken cancellationToken)
    {
        var jobs = await kubernetes.BatchV1.ListNamespacedJobAsync(owner.Metadata.Namespace, labelSelector: $"{WellKnown.OwnerUidLabel}={owner.Metadata.Uid}", cancellationToken: cancellationToken);
        return jobs.Items.Any(job => job.Metadata.OwnerReferences?.Any(reference => reference.Controller == true && reference.Uid == owner.Metadata.Uid) == true);
    }

    private static async Task<T?> FoundAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.NotFound))
        {
            return null;
        }
    }
}
