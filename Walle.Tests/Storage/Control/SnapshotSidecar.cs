using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>csi-snapshotter, the driver's sidecar, and the snapshot controller's share in a VolumeSnapshotContent: takes snapshots and deletes them.</summary>
internal sealed class SnapshotSidecar(StorageObjects objects, StorageNode node, EventRecorder events)
{
    private const int DefaultErrors = 2;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(16);

    /// <summary>When CreateSnapshot was first asked for, and how often it has failed since, by the content's UID.</summary>
    private readonly ConcurrentDictionary<string, (DateTimeOffset Asked, int Errors)> _tries = new(StringComparer.Ordinal);

    public async Task<TimeSpan?> SyncAsync(string name, CancellationToken cancel)
    {
        var content = objects.Contents.Get(null, name);
        if (content is null || !StorageNames.IsOurs(content.Spec.Driver))
            return null;
        if (content.Metadata.DeletionTimestamp is null)
            content = await objects.ContentWriter.AddFinalizersAsync(content, [StorageNames.ContentFinalizer], cancel);
        var faults = FaultsOf(content);
        if (content.Metadata.DeletionTimestamp is not null && IsBeingCreated(content) && faults.Has(Fault.NeverCut))
            content = await objects.ContentWriter.AnnotateAsync(content, StorageNames.BeingCreatedAnnotation, null, cancel);
        if (ShouldDelete(content))
            return await DeleteAsync(content, faults, cancel);
        if (content.Metadata.Annotations?.ContainsKey(StorageNames.GroupHandleAnnotation) == true || content.Spec.Source.VolumeHandle is null || content.Status?.ReadyToUse == true)
            return null;
        return await CreateAsync(content, faults, cancel);
    }

    private static bool IsBeingCreated(VolumeSnapshotContent content) => content.Metadata.Annotations?.ContainsKey(StorageNames.BeingCreatedAnnotation) == true;

    /// <summary>Not before the driver has answered CreateSnapshot, and only once the VolumeSnapshot is being deleted.</summary>
    private static bool ShouldDelete(VolumeSnapshotContent content) =>
        content.Metadata.DeletionTimestamp is not null && !IsBeingCreated(content)
        && content.Metadata.Annotations?.ContainsKey(StorageNames.BeingDeletedAnnotation) == true;

    private async Task<TimeSpan?> DeleteAsync(VolumeSnapshotContent content, FaultSet faults, CancellationToken cancel)
    {
        if (content.Spec.DeletionPolicy == "Delete" && content.Status?.SnapshotHandle is { } handle)
        {
            if (faults.Has(Fault.UndeletableSnapshot))
            {
                events.Warning(content, content.Spec.Driver, "SnapshotDeleteError", "Failed to delete snapshot");
                return FirstRetry;
            }

            await node.DeleteSnapshotAsync(handle);
        }

        _tries.TryRemove(content.Metadata.Uid, out _);
        await objects.ContentWriter.RemoveFinalizersAsync(content, [StorageNames.ContentFinalizer], cancel);
        return null;
    }

    private async Task<TimeSpan?> CreateAsync(VolumeSnapshotContent content, FaultSet faults, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (asked, errors) = _tries.GetOrAdd(content.Metadata.Uid, _ => (now, 0));
        if (content.Status?.CreationTime is null && !IsBeingCreated(content))
            content = await objects.ContentWriter.AnnotateAsync(content, StorageNames.BeingCreatedAnnotation, "yes", cancel);
        if (faults.Has(Fault.NeverCut))
            return FirstRetry;
        try
        {
            if (asked + faults.Delay(Fault.SlowCut) - now is var wait && wait > TimeSpan.Zero)
                return wait;
            if (faults.Has(Fault.SnapshotError))
                return await FailAsync(content, asked, errors, "InvalidArgument desc = this volume cannot be snapshotted", isFinal: true, cancel);
            if (errors < faults.Count(Fault.ErrorThenRecover, DefaultErrors))
                return await FailAsync(content, asked, errors, "Unavailable desc = the storage system is busy", isFinal: false, cancel);
            return await CutAsync(content, faults, cancel);
        }
        catch (Exception e) when (content.Status?.CreationTime is null && e is not (OperationCanceledException or k8s.Autorest.HttpOperationException))
        {
            return await FailAsync(content, asked, errors, $"Internal desc = {e.Message}", isFinal: true, cancel);
        }
    }

    private async Task<TimeSpan?> CutAsync(VolumeSnapshotContent content, FaultSet faults, CancellationToken cancel)
    {
        var snapshot = content.Spec.VolumeSnapshotRef;
        var handle = "snapshot-" + snapshot.Uid;
        var cut = await node.CutAsync(handle, content.Spec.Source.VolumeHandle!, $"{snapshot.NamespaceProperty}/{snapshot.Name}");
        if (content.Status?.CreationTime is null)
        {
            // Two writes, as with drivers that upload: whoever waits for readyToUse has to see creationTime first.
            content = await objects.ContentWriter.PatchStatusAsync(content, new JsonObject
            {
                ["snapshotHandle"] = handle, ["creationTime"] = cut.UnixNanoseconds, ["restoreSize"] = RestoreSize(cut, faults), ["readyToUse"] = false, ["error"] = null,
            }, cancel);
        }

        if (IsBeingCreated(content))
            content = await objects.ContentWriter.AnnotateAsync(content, StorageNames.BeingCreatedAnnotation, null, cancel);
        if (faults.Has(Fault.NeverReady))
            return FirstRetry;
        var ready = DateTimeOffset.FromUnixTimeMilliseconds(cut.UnixNanoseconds / 1_000_000) + faults.Delay(Fault.SlowReady);
        if (ready - TimeProvider.System.GetUtcNow() is var wait && wait > TimeSpan.Zero)
            return wait;
        await objects.ContentWriter.PatchStatusAsync(content, new JsonObject { ["readyToUse"] = true, ["error"] = null }, cancel);
        return null;
    }

    private async Task<TimeSpan?> FailAsync(VolumeSnapshotContent content, DateTimeOffset asked, int errors, string code, bool isFinal, CancellationToken cancel)
    {
        _tries[content.Metadata.Uid] = (asked, errors + 1);
        // A final answer of the driver: there is no snapshot, so the content may go.
        if (isFinal && IsBeingCreated(content))
            content = await objects.ContentWriter.AnnotateAsync(content, StorageNames.BeingCreatedAnnotation, null, cancel);
        var prefix = content.Status is null ? "Failed to create snapshot" : "Failed to check and update snapshot content";
        var message = $"{prefix}: failed to take snapshot of the volume {content.Spec.Source.VolumeHandle}: \"rpc error: code = {code}\"";
        if (content.Status?.Error?.Message != message)
        {
            events.Warning(content, content.Spec.Driver, content.Status is null ? "SnapshotCreationFailed" : "SnapshotContentCheckandUpdateFailed", message);
            await objects.ContentWriter.PatchStatusAsync(content, new JsonObject { ["error"] = SnapshotStatusWriter.Error(message), ["readyToUse"] = false }, cancel);
        }

        return TimeSpan.FromTicks(Math.Min(LastRetry.Ticks, FirstRetry.Ticks << Math.Min(errors, 10)));
    }

    private FaultSet FaultsOf(VolumeSnapshotContent content)
    {
        var reference = content.Spec.VolumeSnapshotRef;
        var snapshot = objects.Snapshots.Get(reference.NamespaceProperty, reference.Name);
        var source = objects.Claims.Get(reference.NamespaceProperty, snapshot?.Spec.Source.PersistentVolumeClaimName);
        return FaultSet.Of(objects.SnapshotClasses.Get(null, content.Spec.VolumeSnapshotClassName), source, snapshot);
    }

    private static long RestoreSize(SnapshotCut cut, FaultSet faults) =>
        faults.Argument(Fault.RestoreSize) is { } text ? (long)new ResourceQuantity(text).ToDecimal() : cut.Bytes;
}
