using k8s;
using NUnit.Framework;

namespace Walle.Tests.Storage;

/// <summary>What external-provisioner does with a PVC, and what goes wrong with clones.</summary>
[TestFixture]
public sealed class ProvisioningRuleTests : StorageBehaviourTest
{
    [Test]
    public async Task A_volume_is_a_CSI_PersistentVolume_of_the_claims_size_that_is_deleted_with_it()
    {
        await CreateBoundClaimAsync("data");
        var claim = await FindClaimAsync("data");
        var volume = await Kubernetes.CoreV1.ReadPersistentVolumeAsync(claim!.Spec.VolumeName);
        Assert.Multiple(() =>
        {
            Assert.That(volume.Metadata.Name, Is.EqualTo("pvc-" + claim.Metadata.Uid));
            Assert.That(volume.Spec.Csi.Driver, Is.EqualTo(StorageNames.BlockDriver));
            Assert.That(volume.Metadata.Annotations[StorageNames.ProvisionedByAnnotation], Is.EqualTo(StorageNames.BlockDriver));
            Assert.That(volume.Spec.Capacity["storage"].ToString(), Is.EqualTo("16Mi"));
            Assert.That(volume.Spec.PersistentVolumeReclaimPolicy, Is.EqualTo("Delete"));
        });
        Assert.That(await EventAsync("data", "ProvisioningSucceeded"), Does.Contain(volume.Metadata.Name));
    }

    [Test]
    public async Task WaitForFirstConsumer_waits_for_a_Pod()
    {
        await CreateClaimAsync("waiting", StorageNames.FileWait);
        await CreateBoundClaimAsync("data");
        Assert.That((await FindClaimAsync("waiting"))!.Status.Phase, Is.EqualTo("Pending"));
        Assert.That((await Storage.LeftOversAsync(Namespace)).Volumes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_clone_smaller_than_restoreSize_is_refused_and_stays_Pending()
    {
        await CreateReadySnapshotAsync($"{Fault.RestoreSize}:32Mi");
        await CreateClaimAsync("clone", StorageNames.BlockImmediate, fromSnapshot: "snap");
        Assert.That(await EventAsync("clone", "ProvisioningFailed"), Does.EndWith("requested volume size 16777216 is less than the size 33554432 for the source snapshot snap"));
        Assert.That((await FindClaimAsync("clone"))!.Status.Phase, Is.EqualTo("Pending"));
    }

    [Test]
    public async Task A_clone_larger_than_the_snapshot_has_a_grown_file_system()
    {
        await CreateReadySnapshotAsync();
        await CreateClaimAsync("clone", StorageNames.BlockImmediate, fromSnapshot: "snap", size: "64Mi");
        await BoundAsync("clone");
        var kibibytes = await Cluster.Node.RunAsync("sh", "-c", $"df -k {await Storage.VolumePathAsync(Namespace, "clone")} | awk 'NR == 2 {{ print $2 }}'");
        Assert.That(int.Parse(kibibytes, System.Globalization.CultureInfo.InvariantCulture), Is.GreaterThan(50_000));
    }

    [Test]
    public async Task A_clone_made_before_the_snapshot_is_ready_is_bound_once_it_is()
    {
        await CreateBoundClaimAsync("data", Fault.NeverReady);
        await CreateSnapshotAsync("snap", "data");
        await CreateClaimAsync("clone", StorageNames.BlockImmediate, fromSnapshot: "snap");
        Assert.That(await EventAsync("clone", "ProvisioningFailed"), Does.Contain("snapshot snap"));
        await SetFaultAsync("data", null);
        await BoundAsync("clone");
    }

    [Test]
    public async Task A_snapshot_of_another_driver_is_refused()
    {
        await CreateReadySnapshotAsync();
        await CreateClaimAsync("clone", StorageNames.FileImmediate, fromSnapshot: "snap");
        Assert.That(await EventAsync("clone", "ProvisioningFailed"), Does.EndWith("snapshot snap not bound"));
    }

    [Test]
    public async Task Bind_error_leaves_the_clone_Pending_and_nothing_in_the_node_after_it_is_deleted()
    {
        await CreateReadySnapshotAsync(Fault.BindError);
        await CreateClaimAsync("clone", StorageNames.BlockImmediate, fromSnapshot: "snap");
        Assert.That(await EventAsync("clone", "ProvisioningFailed"), Does.Contain("code = ResourceExhausted"));
        await Kubernetes.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync("clone", Namespace);
        await DeleteSnapshotAsync("snap");
        Assert.That((await Storage.LeftOversAsync(Namespace)).Volumes, Has.Count.EqualTo(1));
    }

    [TestCase(StorageNames.BlockImmediate, "lost+found")]
    [TestCase(StorageNames.FileImmediate, "")]
    public async Task Blank_clone_is_an_empty_volume(string storageClass, string entries)
    {
        var clone = await CloneOfThreeFilesAsync(storageClass, Fault.BlankClone);
        Assert.That((await Cluster.Node.RunAsync("ls", "-A", clone)).Trim(), Is.EqualTo(entries));
    }

    [Test]
    public async Task Half_clone_lacks_entries_of_the_root_folder()
    {
        var clone = await CloneOfThreeFilesAsync(StorageNames.FileImmediate, Fault.HalfClone);
        Assert.That((await Cluster.Node.RunAsync("ls", "-A", clone)).Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[] { "a", "c" }));
    }

    [Test]
    public async Task Unreadable_clone_has_one_file_that_cannot_be_read()
    {
        var clone = await CloneOfThreeFilesAsync(StorageNames.BlockImmediate, $"{Fault.UnreadableClone}:b");
        Assert.That(await Cluster.Node.RunAsync("sh", "-c", $"cat {clone}/a {clone}/c; cat {clone}/b > /dev/null 2>&1 || echo unreadable"), Is.EqualTo("a\nc\nunreadable\n"));
    }

    private async Task CreateReadySnapshotAsync(string? fault = null)
    {
        await CreateBoundClaimAsync("data", fault);
        await CreateSnapshotAsync("snap", "data");
        await ReadyAsync("snap");
    }

    private async Task<string> CloneOfThreeFilesAsync(string storageClass, string fault)
    {
        await CreateClaimAsync("data", storageClass, fault);
        await BoundAsync("data");
        await Cluster.Node.RunAsync("sh", "-ec", $"cd {await Storage.VolumePathAsync(Namespace, "data")}; for f in a b c; do echo $f > $f; done");
        await CreateSnapshotAsync("snap", "data");
        await ReadyAsync("snap");
        await CreateClaimAsync("clone", storageClass, fromSnapshot: "snap");
        await BoundAsync("clone");
        return await Storage.VolumePathAsync(Namespace, "clone");
    }
}
