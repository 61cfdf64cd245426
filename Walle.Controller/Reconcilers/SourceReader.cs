using k8s;
using k8s.Models;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Projections;

namespace Walle.Controller.Reconcilers;

/// <summary>Live reads about a source, each needed once or twice in a backup: not worth a watch on every PersistentVolume, class, namespace and Pod.</summary>
internal sealed class SourceReader(IKubernetes kubernetes, VolumeSnapshotClient snapshots)
{
    private const string EnforceLabel = "pod-security.kubernetes.io/enforce";

    public async Task<ClaimProjection?> ReadClaimAsync(NamespacedName name, CancellationToken cancellationToken) =>
        await FoundAsync(() => kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(name.Name, name.Namespace, cancellationToken: cancellationToken)) is { } claim
            ? new ClaimProjection
            {
                Name = name,
                Uid = claim.Metadata.Uid,
                ResourceVersion = ulong.TryParse(claim.Metadata.ResourceVersion, out var version) ? version : 0,
                Deleting = claim.Metadata.DeletionTimestamp is not null,
                Phase = claim.Status?.Phase,
                VolumeMode = claim.Spec.VolumeMode,
                StorageClassName = claim.Spec.StorageClassName,
                VolumeName = claim.Spec.VolumeName,
                AccessModes = claim.Spec.AccessModes is { } modes ? [.. modes] : null,
                Labels = [.. (claim.Metadata.Labels ?? new Dictionary<string, string>()).OrderBy(label => label.Key, StringComparer.Ordinal)],
                RequestedSize = claim.Spec.Resources?.Requests?.TryGetValue("storage", out var size) == true ? size.ToString() : null,
            }
            : null;

    /// <summary>The CSI driver of a PersistentVolume; null when it has none.</summary>
    public async Task<string?> ReadDriverAsync(string volumeName, CancellationToken cancellationToken) =>
        (await FoundAsync(() => kubernetes.CoreV1.ReadPersistentVolumeAsync(volumeName, cancellationToken: cancellationToken)))?.Spec.Csi?.Driver;

    /// <summary>Null when the cluster does not serve the snapshot API.</summary>
    public async Task<IReadOnlyList<SnapshotClassFacts>?> ListSnapshotClassesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await snapshots.ListClassesAsync(cancellationToken)).Select(found => new SnapshotClassFacts(found.Name, found.Driver, found.IsDefault))];
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.NotFound))
        {
            return null;
        }
    }

    public async Task<bool> WaitsForConsumerAsync(string storageClassName, CancellationToken cancellationToken) =>
        (await FoundAsync(() => kubernetes.StorageV1.ReadStorageClassAsync(storageClassName, cancellationToken: cancellationToken)))?.VolumeBindingMode == "WaitForFirstConsumer";

    public async Task<bool> NamespaceIsRestrictedAsync(string @namespace, CancellationToken cancellationToken) =>
        (await FoundAsync(() => kubernetes.CoreV1.ReadNamespaceAsync(@namespace, cancellationToken: cancellationToken)))?.Metadata.Labels?.TryGetValue(EnforceLabel, out var level) == true && level == "restricted";

    /// <summary>Node of a running Pod that mounts the claim; null when none does.</summary>
    public async Task<string?> ReadNodeAsync(NamespacedName claim, CancellationToken cancellationToken) =>
        (await ListUsersAsync(claim, cancellationToken)).FirstOrDefault(pod => pod.Status?.Phase == "Running")?.Spec.NodeName;

    /// <summary>User and groups of a Pod that mounts the claim; null when none does.</summary>
    public async Task<WorkloadIdentity?> ReadWorkloadIdentityAsync(NamespacedName claim, CancellationToken cancellationToken)
    {
        var user = (await ListUsersAsync(claim, cancellationToken)).FirstOrDefault();
        if (user is null)
        {
            return null;
        }

        var pod = user.Spec.SecurityContext;
        var container = user.Spec.Containers.Select(candidate => candidate.SecurityContext).FirstOrDefault(context => context?.RunAsUser is not null);
        var groups = new List<long>((pod?.SupplementalGroups ?? []).OfType<long>());
        if (pod?.FsGroup is { } fsGroup)
        {
            // What the workload may read through its fsGroup the worker may read through a supplemental group, and no ownership is changed.
            groups.Add(fsGroup);
        }

        return new WorkloadIdentity(container?.RunAsUser ?? pod?.RunAsUser, container?.RunAsGroup ?? pod?.RunAsGroup, groups);
    }

    private async Task<IEnumerable<V1Pod>> ListUsersAsync(NamespacedName claim, CancellationToken cancellationToken) =>
        (await kubernetes.CoreV1.ListNamespacedPodAsync(claim.Namespace, cancellationToken: cancellationToken)).Items
        .Where(pod => pod.Spec.Volumes?.Any(volume => volume.PersistentVolumeClaim?.ClaimName == claim.Name) == true)
        .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal);

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
