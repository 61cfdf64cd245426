using k8s;
using NUnit.Framework;

namespace Walle.Tests.Storage;

/// <summary>The way that a backup takes through the double: volume, snapshot, clone, and nothing left.</summary>
[TestFixture]
public sealed class CloneTests : StorageBehaviourTest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [TestCase(StorageNames.BlockImmediate, true)]
    [TestCase(StorageNames.FileImmediate, false)]
    public async Task A_clone_has_the_bytes_of_the_snapshot_and_keeps_inode_and_ctime_only_if_block_like(string storageClass, bool keepsInodes)
    {
        await CreateClaimAsync("data", storageClass);
        await BoundAsync("data");
        var source = await Storage.VolumePathAsync(Namespace, "data");
        await Cluster.Node.RunAsync("sh", "-ec", $"mkdir {source}/sub; echo first > {source}/sub/file; chown 999:1000 {source}/sub/file; chmod 0600 {source}/sub/file");
        var before = await StatAsync($"{source}/sub/file");
        await CreateSnapshotAsync("snap", "data");
        await ReadyAsync("snap");
        await Cluster.Node.RunAsync("sh", "-ec", $"echo second > {source}/sub/file");
        await CreateClaimAsync("clone", storageClass, fromSnapshot: "snap");
        await BoundAsync("clone");
        var clone = await Storage.VolumePathAsync(Namespace, "clone");
        var after = await StatAsync($"{clone}/sub/file");
        Assert.Multiple(() =>
        {
            Assert.That(after.ModeAndOwner, Is.EqualTo("600 999 1000"));
            Assert.That(after.InodeAndChange == before.InodeAndChange, Is.EqualTo(keepsInodes), $"{before} {after}");
        });
        Assert.That(await Cluster.Node.RunAsync("cat", $"{clone}/sub/file"), Is.EqualTo("first\n"));
    }

    [TestCase(StorageNames.BlockImmediate)]
    [TestCase(StorageNames.FileImmediate)]
    [TestCase(StorageNames.BlockWait)]
    [TestCase(StorageNames.FileWait)]
    public async Task A_Pod_reads_its_volume_and_cannot_write_where_it_is_mounted_read_only(string storageClass)
    {
        await CreateClaimAsync("data", storageClass);
        await RunPodAsync("writer", "data", "echo written > /volume/file", readOnly: false);
        Assert.That(await RunPodAsync("reader", "data", "cat /volume/file > /dev/termination-log; ! touch /volume/more", readOnly: true), Is.EqualTo("written\n"));
    }

    [TestCase(StorageNames.BlockImmediate)]
    [TestCase(StorageNames.FileImmediate)]
    public async Task Deleting_everything_leaves_nothing_in_the_node_and_no_cluster_wide_object(string storageClass)
    {
        await CreateClaimAsync("data", storageClass);
        await BoundAsync("data");
        await CreateSnapshotAsync("snap", "data");
        var content = (await ReadyAsync("snap")).Status!.BoundVolumeSnapshotContentName;
        await CreateClaimAsync("clone", storageClass, fromSnapshot: "snap");
        var volume = (await BoundAsync("clone")).Spec.VolumeName;
        var held = await Storage.LeftOversAsync(Namespace);
        Assert.That((held.Volumes.Count, held.Snapshots.Count), Is.EqualTo((2, 1)));
        await DeleteNamespaceAndWaitAsync(Deadline);
        await Eventually(async () => (await Storage.LeftOversAsync(Namespace)).IsEmpty, Deadline, () => "the node still holds something");
        Assert.That(await Snapshots.ContentsAsync(), Has.None.Matches<VolumeSnapshotContent>(left => left.Metadata.Name == content));
        await Eventually(async () => (await Kubernetes.CoreV1.ListPersistentVolumeAsync()).Items.All(left => left.Metadata.Name != volume), Deadline, () => "the PersistentVolume is still there");
    }

    private async Task<(string InodeAndChange, string ModeAndOwner)> StatAsync(string path)
    {
        var parts = (await Cluster.Node.RunAsync("stat", "-c", "%i %z|%a %u %g", path)).Trim().Split('|');
        return (parts[0], parts[1]);
    }
}
