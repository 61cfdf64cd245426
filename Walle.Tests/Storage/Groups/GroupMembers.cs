using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>The VolumeSnapshots of a group and their contents, which the snapshot controller makes once the driver has cut the group.</summary>
internal static class GroupMembers
{
    public const string GroupKind = "VolumeGroupSnapshot";
    private const string SnapshotPrefix = "snapshot-";

    public static bool IsMember(VolumeSnapshot snapshot) => GroupOf(snapshot) is not null;

    public static V1OwnerReference? GroupOf(VolumeSnapshot snapshot) => snapshot.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Kind == GroupKind);

    public static string ContentName(VolumeSnapshot member) => $"snapcontent-{member.Metadata.Name[SnapshotPrefix.Length..]}";

    public static async Task EnsureAsync(StorageObjects objects, VolumeGroupSnapshot group, VolumeGroupSnapshotContent content, VolumeSnapshotInfo info, CancellationToken cancel)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(group.Metadata.Uid + info.VolumeHandle)));
        var (name, @namespace) = (SnapshotPrefix + hash, group.Metadata.NamespaceProperty);
        var volume = objects.Volumes.All.Single(candidate => candidate.Spec.Csi?.VolumeHandle == info.VolumeHandle && candidate.Spec.Csi.Driver == content.Spec.Driver);
        await objects.ContentWriter.TryCreateAsync(new VolumeSnapshotContent
        {
            Metadata = new V1ObjectMeta { Name = $"snapcontent-{hash}", Annotations = new Dictionary<string, string> { [StorageNames.GroupHandleAnnotation] = content.Status!.VolumeGroupSnapshotHandle! } },
            Spec = new VolumeSnapshotContentSpec
            {
                DeletionPolicy = content.Spec.DeletionPolicy,
                Driver = content.Spec.Driver,
                Source = new VolumeSnapshotContentSource { VolumeHandle = info.VolumeHandle },
                VolumeSnapshotRef = new V1ObjectReference { Kind = "VolumeSnapshot", Name = name, NamespaceProperty = @namespace },
            },
        }, cancel);
        await objects.SnapshotWriter.TryCreateAsync(new VolumeSnapshot
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = @namespace,
                OwnerReferences = [new V1OwnerReference { ApiVersion = group.ApiVersion, Kind = GroupKind, Name = group.Metadata.Name, Uid = group.Metadata.Uid }],
                Finalizers = [StorageNames.InGroupFinalizer],
            },
            Spec = new VolumeSnapshotSpec { Source = new VolumeSnapshotSource { PersistentVolumeClaimName = volume.Spec.ClaimRef.Name } },
        }, cancel);
    }

    /// <summary>Both point at each other, and the content has what the driver answered.</summary>
    /// <returns>False as long as the watch has not shown both.</returns>
    public static async Task<bool> BindAsync(StorageObjects objects, VolumeGroupSnapshot group, VolumeSnapshotInfo info, CancellationToken cancel)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(group.Metadata.Uid + info.VolumeHandle)));
        if (objects.Snapshots.Get(group.Metadata.NamespaceProperty, SnapshotPrefix + hash) is not { } snapshot || objects.Contents.Get(null, $"snapcontent-{hash}") is not { } content)
            return false;
        if (content.Spec.VolumeSnapshotRef.Uid != snapshot.Metadata.Uid)
            content = await objects.ContentWriter.PatchAsync(content, new JsonObject { ["spec"] = new JsonObject { ["volumeSnapshotRef"] = new JsonObject { ["uid"] = snapshot.Metadata.Uid } } }, cancel);
        if (snapshot.Status?.BoundVolumeSnapshotContentName is null)
            await objects.SnapshotWriter.PatchStatusAsync(snapshot, new JsonObject { ["boundVolumeSnapshotContentName"] = content.Metadata.Name }, cancel);
        if (content.Status?.SnapshotHandle is null)
        {
            await objects.ContentWriter.PatchStatusAsync(content, new JsonObject
            {
                ["snapshotHandle"] = info.SnapshotHandle, ["creationTime"] = info.CreationTime, ["restoreSize"] = info.RestoreSize, ["readyToUse"] = info.ReadyToUse,
            }, cancel);
        }

        return true;
    }
}
