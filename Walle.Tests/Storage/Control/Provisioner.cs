using System.Collections.Concurrent;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>external-provisioner, for all drivers of the double: a PersistentVolume for a PVC that waits for one, and its end.</summary>
internal sealed class Provisioner(StorageObjects objects, StorageNode node, SnapshotSource sources, EventRecorder events)
{
    private const string SnapshotGroup = "snapshot.storage.k8s.io";
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(16);

    /// <summary>Volumes that exist in the node and have no PersistentVolume yet, by the PVC's key; the value counts failed tries.</summary>
    private readonly ConcurrentDictionary<string, (string Volume, int Failures)> _begun = new(StringComparer.Ordinal);

    public async Task<TimeSpan?> SyncClaimAsync(string namespaceName, string name, CancellationToken cancel)
    {
        var key = $"{namespaceName}/{name}";
        var claim = objects.Claims.Get(namespaceName, name);
        if (_begun.TryGetValue(key, out var begun) && (claim is null || VolumeName(claim) != begun.Volume))
        {
            // The PVC went away before its volume was ready: nobody else knows of it.
            await node.DeleteVolumeAsync(begun.Volume);
            _begun.TryRemove(key, out _);
        }

        if (claim is null || claim.Metadata.DeletionTimestamp is not null || !string.IsNullOrEmpty(claim.Spec.VolumeName))
            return null;
        var storageClass = objects.StorageClasses.Get(null, claim.Spec.StorageClassName);
        if (storageClass is null || !StorageNames.IsOurs(storageClass.Provisioner) || !IsAsked(claim, storageClass))
            return null;
        return await ProvisionAsync(key, claim, storageClass, cancel);
    }

    public async Task<TimeSpan?> SyncVolumeAsync(string name, CancellationToken cancel)
    {
        var volume = objects.Volumes.Get(null, name);
        if (volume?.Spec.Csi is null || !StorageNames.IsOurs(volume.Spec.Csi.Driver) || volume.Metadata.DeletionTimestamp is not null
            || volume.Status?.Phase != "Released" || volume.Spec.PersistentVolumeReclaimPolicy != "Delete"
            || volume.Metadata.Annotations?.ContainsKey(StorageNames.ProvisionedByAnnotation) != true)
        {
            return null;
        }

        try
        {
            await node.DeleteVolumeAsync(volume.Spec.Csi.VolumeHandle);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            events.Warning(volume, volume.Spec.Csi.Driver, "VolumeFailedDelete", $"rpc error: code = Internal desc = {e.Message}");
            throw;
        }

        await objects.VolumeWriter.DeleteAsync(volume, cancel);
        return null;
    }

    /// <summary>The PV controller names the provisioner in an annotation; with WaitForFirstConsumer the scheduler has chosen a node, too.</summary>
    private static bool IsAsked(V1PersistentVolumeClaim claim, V1StorageClass storageClass)
    {
        var annotations = claim.Metadata.Annotations;
        if (annotations is null || !StorageNames.ProvisionerAnnotations.Any(known => annotations.TryGetValue(known, out var value) && value == storageClass.Provisioner))
            return false;
        return storageClass.VolumeBindingMode != "WaitForFirstConsumer"
            || (annotations.TryGetValue(StorageNames.SelectedNodeAnnotation, out var selected) && selected.Length > 0);
    }

    private async Task<TimeSpan?> ProvisionAsync(string key, V1PersistentVolumeClaim claim, V1StorageClass storageClass, CancellationToken cancel)
    {
        var isClone = claim.Spec.DataSource is not null;
        var faults = sources.FaultsOf(claim, storageClass);
        if (isClone && faults.Has(Fault.NeverBind))
            return null;
        if (isClone && claim.Metadata.CreationTimestamp + faults.Delay(Fault.SlowBind) - TimeProvider.System.GetUtcNow().UtcDateTime is { } wait && wait > TimeSpan.Zero)
            return wait;
        var (driver, volume) = (storageClass.Provisioner, VolumeName(claim));
        events.Normal(claim, driver, "Provisioning", $"External provisioner is provisioning volume for claim \"{key}\"");
        var failures = _begun.GetValueOrDefault(key).Failures;
        try
        {
            if (isClone && faults.Has(Fault.BindError))
                throw new ProvisioningException($"rpc error: code = ResourceExhausted desc = no space left for volume {volume}");
            _begun[key] = (volume, failures);
            await MakeAsync(claim, storageClass, volume, faults);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _begun[key] = (volume, failures + 1);
            events.Warning(claim, driver, "ProvisioningFailed", $"failed to provision volume with StorageClass \"{storageClass.Metadata.Name}\": {e.Message}");
            return TimeSpan.FromTicks(Math.Min(LastRetry.Ticks, FirstRetry.Ticks << Math.Min(failures, 10)));
        }

        await objects.VolumeWriter.TryCreateAsync(PersistentVolumes.For(claim, storageClass, volume), cancel);
        _begun.TryRemove(key, out _);
        events.Normal(claim, driver, "ProvisioningSucceeded", $"Successfully provisioned volume {volume}");
        return null;
    }

    private async Task MakeAsync(V1PersistentVolumeClaim claim, V1StorageClass storageClass, string volume, FaultSet faults)
    {
        if (claim.Spec.Selector is not null)
            throw new ProvisioningException("claim Selector is not supported");
        if (claim.Spec.VolumeMode == "Block" && StorageNames.VolumeKind(storageClass.Provisioner) != "block")
            throw new ProvisioningException("rpc error: code = InvalidArgument desc = block access is not supported");
        var bytes = (long)claim.Spec.Resources.Requests["storage"].ToDecimal();
        var owner = $"{claim.Metadata.NamespaceProperty}/{claim.Metadata.Name}";
        if (claim.Spec.DataSource is not { } source)
        {
            await node.CreateAsync(storageClass.Provisioner, volume, bytes, owner);
            return;
        }

        if (source.Kind != "VolumeSnapshot" || source.ApiGroup != SnapshotGroup)
            throw new ProvisioningException($"error getting handle for DataSource Type {source.Kind} by Name {source.Name}: the driver cannot clone from it");
        var snapshot = sources.HandleFor(claim, storageClass, bytes);
        await node.RestoreAsync(storageClass.Provisioner, volume, bytes, owner, snapshot, Damage(faults));
    }

    private static string Damage(FaultSet faults) =>
        faults.Has(Fault.BlankClone) ? "blank"
        : faults.Has(Fault.HalfClone) ? "half"
        : faults.Argument(Fault.UnreadableClone) is { } path ? "unreadable=" + path
        : "";

    private static string VolumeName(V1PersistentVolumeClaim claim) => "pvc-" + claim.Metadata.Uid;
}
