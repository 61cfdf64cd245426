using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>The snapshot controller: binds a VolumeSnapshot to a VolumeSnapshotContent of its own and guards both with finalizers.</summary>
/// <param name="isGroup">Whether a VolumeGroupSnapshot of this namespace and name exists: its members go with it and not before.</param>
internal sealed class SnapshotController(StorageObjects objects, EventRecorder events, Func<string, string, bool> isGroup)
{
    private const string Component = "snapshot-controller";
    private readonly SnapshotClassResolver _classes = new(objects);
    private readonly SnapshotStatusWriter _status = new(objects, events, Component);

    public async Task SyncAsync(string namespaceName, string name, CancellationToken cancel)
    {
        var snapshot = objects.Snapshots.Get(namespaceName, name);
        if (snapshot is null || FaultSet.Of(Source(snapshot), snapshot).Has(Fault.NoController))
            return;
        try
        {
            await SyncAsync(snapshot, cancel);
        }
        catch (SnapshotException e)
        {
            await _status.WriteErrorAsync(objects.Snapshots.Get(namespaceName, name) ?? snapshot, e, cancel);
            throw;
        }
    }

    private async Task SyncAsync(VolumeSnapshot snapshot, CancellationToken cancel)
    {
        try
        {
            snapshot = await _classes.ResolveAsync(snapshot, cancel);
        }
        catch (SnapshotException) when (snapshot.Metadata.DeletionTimestamp is not null)
        {
            // Its class may be gone; the snapshot must go all the same.
        }

        await ReleaseClaimAsync(snapshot, ofOthersOnly: false, cancel);
        if (snapshot.Metadata.DeletionTimestamp is not null)
        {
            await EndAsync(snapshot, cancel);
            return;
        }

        var content = objects.Contents.Get(null, SnapshotNames.ContentName(snapshot));
        snapshot = await AddFinalizersAsync(snapshot, content, cancel);
        if (snapshot.Status is { ReadyToUse: true, BoundVolumeSnapshotContentName: not null })
        {
            if (content is null)
                throw new SnapshotException("SnapshotContentMissing", "VolumeSnapshotContent is missing");
            return;
        }

        // The content of a member comes with its group.
        if (content is null && GroupMembers.IsMember(snapshot))
            return;
        content ??= await CreateContentAsync(snapshot, cancel);
        await _status.WriteAsync(snapshot, content, cancel);
    }

    private async Task<VolumeSnapshot> AddFinalizersAsync(VolumeSnapshot snapshot, VolumeSnapshotContent? content, CancellationToken cancel)
    {
        List<string> wanted = [StorageNames.SnapshotSourceFinalizer];
        if (content?.Spec.DeletionPolicy == "Delete" && snapshot.Status?.BoundVolumeSnapshotContentName is not null)
            wanted.Add(StorageNames.SnapshotBoundFinalizer);
        return await objects.SnapshotWriter.AddFinalizersAsync(snapshot, wanted, cancel);
    }

    private async Task<VolumeSnapshotContent> CreateContentAsync(VolumeSnapshot snapshot, CancellationToken cancel)
    {
        static SnapshotException Refuse(string why) => new("SnapshotContentCreationFailed", "Failed to create snapshot content with error " + why);

        // As the real one, the finalizer comes before the question whether the PVC is bound at all.
        var source = Source(snapshot) ?? throw Refuse($"snapshot controller failed to update {snapshot.Metadata.Name} on API server: cannot get claim from snapshot");
        if (!SnapshotNames.HasFinalizer(source.Metadata, StorageNames.ClaimFinalizer))
        {
            if (source.Metadata.DeletionTimestamp is not null)
                throw Refuse($"snapshot controller failed to update {source.Metadata.Name} on API server: cannot add finalizer on claim because it is being deleted");
            await objects.ClaimWriter.AddFinalizersAsync(source, [StorageNames.ClaimFinalizer], cancel);
        }

        var volume = _classes.SourceVolume(snapshot, why => Refuse($"failed to get input parameters to create snapshot {snapshot.Metadata.Name}: \"{why}\""));
        if (volume.Spec.Csi is null)
            throw Refuse($"cannot find CSI PersistentVolumeSource for volume {volume.Metadata.Name}");
        var snapshotClass = objects.SnapshotClasses.Get(null, snapshot.Spec.VolumeSnapshotClassName)!;
        var content = SnapshotContents.For(snapshot, snapshotClass, volume);
        if (await objects.ContentWriter.TryCreateAsync(content, cancel))
            events.Normal(snapshot, Component, "CreatingSnapshot", $"Waiting for a snapshot {SnapshotNames.Key(snapshot)} to be created by the CSI driver.");
        return content;
    }

    private async Task EndAsync(VolumeSnapshot snapshot, CancellationToken cancel)
    {
        var finalizers = snapshot.Metadata.Finalizers ?? [];
        if (!finalizers.Contains(StorageNames.SnapshotSourceFinalizer) && !finalizers.Contains(StorageNames.SnapshotBoundFinalizer))
            return;
        if (GroupMembers.GroupOf(snapshot) is { } owner)
        {
            if (isGroup(snapshot.Metadata.NamespaceProperty, owner.Name))
                throw new SnapshotException("SnapshotDeletePending", $"deletion of the individual volume snapshot {SnapshotNames.Key(snapshot)} is not allowed as it belongs to group snapshot {owner.Name}");
            snapshot = await objects.SnapshotWriter.RemoveFinalizersAsync(snapshot, [StorageNames.InGroupFinalizer], cancel);
        }

        var content = objects.Contents.Get(null, SnapshotNames.ContentName(snapshot));
        if (content is not null && !SnapshotNames.PointsTo(content, snapshot))
            content = null;
        if (content is not null && objects.Claims.All.Any(claim => SnapshotNames.IsMadeFrom(claim, snapshot) && claim.Status?.Phase == "Pending"))
        {
            events.Warning(snapshot, Component, "SnapshotDeletePending", "Snapshot is being used to restore a PVC");
            return;
        }

        var isDeleted = content?.Spec.DeletionPolicy == "Delete";
        if (content is not null)
        {
            if (content.Metadata.Annotations?.ContainsKey(StorageNames.BeingDeletedAnnotation) != true)
                content = await objects.ContentWriter.AnnotateAsync(content, StorageNames.BeingDeletedAnnotation, "yes", cancel);
            if (isDeleted && content.Metadata.DeletionTimestamp is null)
                await objects.ContentWriter.DeleteAsync(content, cancel);
        }

        await ReleaseClaimAsync(snapshot, ofOthersOnly: true, cancel);
        // The bound one stays until the content is gone.
        await objects.SnapshotWriter.RemoveFinalizersAsync(
            snapshot, isDeleted ? [StorageNames.SnapshotSourceFinalizer] : [StorageNames.SnapshotSourceFinalizer, StorageNames.SnapshotBoundFinalizer], cancel);
    }

    /// <summary>The source PVC may be deleted as soon as no VolumeSnapshot of it waits to become ready.</summary>
    private async Task ReleaseClaimAsync(VolumeSnapshot snapshot, bool ofOthersOnly, CancellationToken cancel)
    {
        if (Source(snapshot) is not { } source || !SnapshotNames.HasFinalizer(source.Metadata, StorageNames.ClaimFinalizer))
            return;
        var isUsed = objects.Snapshots.All.Any(other =>
            other.Metadata.NamespaceProperty == snapshot.Metadata.NamespaceProperty
            && other.Spec.Source.PersistentVolumeClaimName == source.Metadata.Name
            && other.Status?.ReadyToUse != true
            && !(ofOthersOnly && other.Metadata.Name == snapshot.Metadata.Name));
        if (!isUsed)
            await objects.ClaimWriter.RemoveFinalizersAsync(source, [StorageNames.ClaimFinalizer], cancel);
    }

    private V1PersistentVolumeClaim? Source(VolumeSnapshot snapshot) =>
        objects.Claims.Get(snapshot.Metadata.NamespaceProperty, snapshot.Spec.Source.PersistentVolumeClaimName);
}
