using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>
/// The snapshot controller and csi-snapshotter for VolumeGroupSnapshots: binds a group to a content of its own, has all volumes cut at one moment, makes
/// the members, and takes them away with the group.
/// </summary>
internal sealed class GroupSnapshotController(StorageObjects objects, GroupSnapshotObjects groups, StorageNode node, EventRecorder events)
{
    private const string Component = "snapshot-controller";
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    public async Task<TimeSpan?> SyncAsync(string @namespace, string name, CancellationToken cancel)
    {
        if (groups.Groups.Get(@namespace, name) is not { } group)
            return null;
        if (group.Metadata.DeletionTimestamp is not null)
            return await EndAsync(group, cancel);
        try
        {
            return await CreateAsync(group, cancel);
        }
        catch (SnapshotException e)
        {
            if (group.Status?.Error?.Message != e.Message)
            {
                events.Warning(group, Component, e.Reason, e.Message);
                await groups.GroupWriter.PatchStatusAsync(group, new JsonObject { ["readyToUse"] = false, ["error"] = SnapshotStatusWriter.Error(e.Message) }, cancel);
            }

            throw;
        }
    }

    /// <summary>Of the sidecar: the content's finalizer, and its removal when nothing is left of the group in the storage system.</summary>
    public async Task SyncContentAsync(string name, CancellationToken cancel)
    {
        if (groups.Contents.Get(null, name) is not { } content)
            return;
        if (content.Metadata.DeletionTimestamp is null)
            await groups.ContentWriter.AddFinalizersAsync(content, [StorageNames.GroupContentFinalizer], cancel);
        else if (content.Metadata.Annotations?.ContainsKey(StorageNames.GroupBeingDeletedAnnotation) == true)
            await groups.ContentWriter.RemoveFinalizersAsync(content, [StorageNames.GroupContentFinalizer], cancel);
    }

    private async Task<TimeSpan?> CreateAsync(VolumeGroupSnapshot group, CancellationToken cancel)
    {
        if (groups.Contents.Get(null, ContentName(group)) is not { } content)
        {
            await groups.ContentWriter.TryCreateAsync(NewContent(group), cancel);
            return LookAgain;
        }

        group = await groups.GroupWriter.AddFinalizersAsync(group, [StorageNames.GroupBoundFinalizer], cancel);
        if (group.Status?.BoundVolumeGroupSnapshotContentName is null)
            group = await groups.GroupWriter.PatchStatusAsync(group, new JsonObject { ["boundVolumeGroupSnapshotContentName"] = content.Metadata.Name, ["readyToUse"] = false }, cancel);
        if (content.Status?.VolumeGroupSnapshotHandle is null)
            content = await CutAsync(group, content, cancel);
        if (group.Status?.CreationTime is null)
            group = await groups.GroupWriter.PatchStatusAsync(group, new JsonObject { ["creationTime"] = Text(content.Status!.CreationTime!.Value), ["error"] = null }, cancel);
        var bound = true;
        foreach (var info in content.Status!.VolumeSnapshotInfoList!)
        {
            await GroupMembers.EnsureAsync(objects, group, content, info, cancel);
            bound &= await GroupMembers.BindAsync(objects, group, info, cancel);
        }

        if (!bound)
            return LookAgain;
        if (group.Status?.ReadyToUse != true)
            await groups.GroupWriter.PatchStatusAsync(group, new JsonObject { ["readyToUse"] = true }, cancel);
        return null;
    }

    private VolumeGroupSnapshotContent NewContent(VolumeGroupSnapshot group)
    {
        var @class = groups.Classes.Get(null, group.Spec.VolumeGroupSnapshotClassName)
            ?? throw new SnapshotException("GetGroupSnapshotClassFailed", $"failed to get group snapshot class {group.Spec.VolumeGroupSnapshotClassName}");
        return new VolumeGroupSnapshotContent
        {
            Metadata = new V1ObjectMeta { Name = ContentName(group) },
            Spec = new VolumeGroupSnapshotContentSpec
            {
                DeletionPolicy = @class.DeletionPolicy,
                Driver = @class.Driver,
                VolumeGroupSnapshotClassName = @class.Metadata.Name,
                Source = new VolumeGroupSnapshotContentSource { VolumeHandles = [.. Claims(group).Select(claim => objects.Volumes.Get(null, claim.Spec.VolumeName)!.Spec.Csi.VolumeHandle)] },
                VolumeGroupSnapshotRef = new V1ObjectReference { ApiVersion = group.ApiVersion, Kind = group.Kind, NamespaceProperty = group.Metadata.NamespaceProperty, Name = group.Metadata.Name, Uid = group.Metadata.Uid },
            },
        };
    }

    /// <summary>As the real one: by matchLabels alone, and nothing at all while one of the claims is not bound.</summary>
    private List<V1PersistentVolumeClaim> Claims(VolumeGroupSnapshot group)
    {
        static SnapshotException Refuse(string why) => new("GroupSnapshotContentCreationFailed", $"failed to create group snapshot content with error {why}");
        var labels = group.Spec.Source.Selector?.MatchLabels ?? new Dictionary<string, string>();
        var claims = objects.Claims.All.Where(claim => claim.Metadata.NamespaceProperty == group.Metadata.NamespaceProperty
            && labels.All(label => claim.Metadata.Labels?.TryGetValue(label.Key, out var value) == true && value == label.Value)).ToList();
        if (claims.Count == 0)
            throw Refuse("label selector for group snapshot not applied to any PVC");
        return claims.Find(claim => claim.Status?.Phase != "Bound") is { } unbound
            ? throw Refuse($"the PVC {unbound.Metadata.Name} is not yet bound to a PV, will not attempt to take a group snapshot")
            : claims;
    }

    private async Task<VolumeGroupSnapshotContent> CutAsync(VolumeGroupSnapshot group, VolumeGroupSnapshotContent content, CancellationToken cancel)
    {
        var owner = $"{group.Metadata.NamespaceProperty}/{group.Metadata.Name}";
        var snapshots = content.Spec.Source.VolumeHandles.Select(volume => (Volume: volume, Snapshot: $"groupsnapshot-{group.Metadata.Uid}-{volume}")).ToList();
        var cuts = await node.CutTogetherAsync([.. snapshots.Select(pair => (pair.Snapshot, pair.Volume))], owner);
        var list = new JsonArray([.. snapshots.Zip(cuts, (pair, cut) => (JsonNode)new JsonObject
        {
            ["volumeHandle"] = pair.Volume, ["snapshotHandle"] = pair.Snapshot, ["creationTime"] = cut.UnixNanoseconds, ["readyToUse"] = true, ["restoreSize"] = cut.Bytes,
        })]);
        return await groups.ContentWriter.PatchStatusAsync(content, new JsonObject
        {
            ["volumeGroupSnapshotHandle"] = $"groupsnapshot-{group.Metadata.Uid}", ["readyToUse"] = true, ["volumeSnapshotInfoList"] = list,
            ["creationTime"] = Text(DateTimeOffset.FromUnixTimeMilliseconds(cuts[0].UnixNanoseconds / 1_000_000).UtcDateTime),
        }, cancel);
    }

    private async Task<TimeSpan?> EndAsync(VolumeGroupSnapshot group, CancellationToken cancel)
    {
        var members = objects.Snapshots.All.Where(snapshot => GroupMembers.GroupOf(snapshot)?.Uid == group.Metadata.Uid).ToList();
        if (members.Exists(member => objects.Claims.All.Any(claim => SnapshotNames.IsMadeFrom(claim, member) && claim.Status?.Phase == "Pending")))
        {
            events.Warning(group, Component, "SnapshotDeletePending", "a Snapshot belonging to the VolumeGroupSnapshot is being used to restore a PVC");
            return LookAgain;
        }

        var content = groups.Contents.Get(null, ContentName(group));
        if (content is not null && content.Metadata.Annotations?.ContainsKey(StorageNames.GroupBeingDeletedAnnotation) != true)
            content = await groups.ContentWriter.AnnotateAsync(content, StorageNames.GroupBeingDeletedAnnotation, "yes", cancel);
        if (content is { Spec.DeletionPolicy: "Delete", Metadata.DeletionTimestamp: null })
            await groups.ContentWriter.DeleteAsync(content, cancel);
        foreach (var member in members.Where(member => member.Metadata.DeletionTimestamp is null))
            await objects.SnapshotWriter.DeleteNamespacedAsync(member, cancel);
        if (content is { Spec.DeletionPolicy: "Delete" })
            return LookAgain;
        await groups.GroupWriter.RemoveFinalizersAsync(group, [StorageNames.GroupBoundFinalizer], cancel);
        return null;
    }

    private static string ContentName(VolumeGroupSnapshot group) => "groupsnapcontent-" + group.Metadata.Uid;

    private static string Text(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
