using k8s;
using k8s.Models;
using NUnit.Framework;

namespace Walle.Tests.Storage;

/// <summary>What the snapshot controller and its sidecar do with a VolumeSnapshot.</summary>
[TestFixture]
public sealed class SnapshotRuleTests : StorageBehaviourTest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Test]
    public async Task A_snapshot_has_its_creationTime_and_restoreSize_before_it_is_ready()
    {
        await CreateBoundClaimAsync("data", Fault.NeverReady);
        await CreateSnapshotAsync("snap", "data");
        var cut = await SnapshotAsync("snap", snapshot => snapshot.Status?.CreationTime is not null, "cut");
        Assert.That((cut.Status!.ReadyToUse, cut.Status.RestoreSize), Is.EqualTo(((bool?)false, "16Mi")));
        await SetFaultAsync("data", null);
        var ready = await ReadyAsync("snap");
        Assert.That(ready.Status!.CreationTime, Is.EqualTo(cut.Status.CreationTime));
        Assert.That(await EventAsync("snap", "SnapshotReady"), Does.Contain("ready to use"));
    }

    [Test]
    public async Task Without_a_class_the_default_one_of_the_driver_is_written_into_the_spec()
    {
        await CreateBoundClaimAsync("data");
        await CreateSnapshotAsync("snap", "data");
        Assert.That((await ReadyAsync("snap")).Spec.VolumeSnapshotClassName, Is.EqualTo(StorageNames.BlockSnapshots));
    }

    [TestCase(StorageNames.TwoClasses)]
    [TestCase(StorageNames.NoClass)]
    public async Task Without_a_class_and_without_a_default_it_is_an_error(string storageClass)
    {
        await CreateClaimAsync("data", storageClass);
        await BoundAsync("data");
        await CreateSnapshotAsync("snap", "data");
        Assert.That(await ErrorAsync("snap"), Is.EqualTo("Failed to set default snapshot class with error cannot find default snapshot class"));
    }

    [Test]
    public async Task A_class_that_does_not_exist_is_an_error_which_goes_once_it_does()
    {
        await CreateBoundClaimAsync("data");
        await CreateSnapshotAsync("snap", "data", snapshotClass: Namespace);
        Assert.That(await ErrorAsync("snap"), Does.Contain($"\"{Namespace}\" not found"));
        await CreateClassAsync(Namespace, "Delete");
        Assert.That((await ReadyAsync("snap")).Status!.Error, Is.Null);
        await Snapshots.DeleteClassAsync(Namespace);
    }

    [Test]
    public async Task A_missing_PVC_is_an_error_and_the_snapshot_can_be_deleted()
    {
        await CreateSnapshotAsync("snap", "nobody", snapshotClass: StorageNames.BlockSnapshots);
        Assert.That(await ErrorAsync("snap"), Does.Contain("cannot get claim from snapshot"));
        await DeleteSnapshotAsync("snap");
    }

    [Test]
    public async Task A_Pending_PVC_is_an_error_and_is_guarded_until_the_snapshot_goes()
    {
        await CreateClaimAsync("data", StorageNames.BlockWait);
        await CreateSnapshotAsync("snap", "data", snapshotClass: StorageNames.BlockSnapshots);
        Assert.That(await ErrorAsync("snap"), Does.Contain("the PVC data is not yet bound to a PV"));
        Assert.That(await ClaimFinalizersAsync("data"), Does.Contain(StorageNames.ClaimFinalizer));
        await DeleteSnapshotAsync("snap");
        Assert.That(await ClaimFinalizersAsync("data"), Does.Not.Contain(StorageNames.ClaimFinalizer));
    }

    [Test]
    public async Task Finalizers_guard_snapshot_and_content_and_the_PVC_until_the_snapshot_is_ready()
    {
        await CreateBoundClaimAsync("data", Fault.NeverReady);
        await CreateSnapshotAsync("snap", "data");
        var cut = await SnapshotAsync("snap", snapshot => snapshot.Status?.CreationTime is not null && snapshot.Metadata.Finalizers?.Count == 2, "cut");
        Assert.That(cut.Metadata.Finalizers, Is.EquivalentTo(new[] { StorageNames.SnapshotSourceFinalizer, StorageNames.SnapshotBoundFinalizer }));
        var content = await Snapshots.FindContentAsync(cut.Status!.BoundVolumeSnapshotContentName!);
        Assert.That(content!.Metadata.Finalizers, Is.EqualTo(new[] { StorageNames.ContentFinalizer }));
        Assert.That(content.Spec.VolumeSnapshotRef.Uid, Is.EqualTo(cut.Metadata.Uid));

        await Kubernetes.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync("data", Namespace);
        Assert.That(await ClaimFinalizersAsync("data"), Does.Contain(StorageNames.ClaimFinalizer));
        await SetFaultAsync("data", null);
        await ReadyAsync("snap");
        await Eventually(async () => await FindClaimAsync("data") is null, Deadline, () => "the PVC is still guarded");
    }

    [Test]
    public async Task A_snapshot_stays_while_a_Pending_PVC_is_made_from_it()
    {
        await CreateBoundClaimAsync("data", Fault.NeverBind);
        await CreateSnapshotAsync("snap", "data");
        await ReadyAsync("snap");
        await CreateClaimAsync("clone", StorageNames.BlockImmediate, fromSnapshot: "snap");
        await Eventually(async () => (await FindClaimAsync("clone"))?.Status?.Phase == "Pending", Deadline, () => "the clone is not Pending");
        await Snapshots.DeleteAsync(Namespace, "snap");
        await EventAsync("snap", "SnapshotDeletePending");
        Assert.That(await Snapshots.FindAsync(Namespace, "snap"), Is.Not.Null);
        await Kubernetes.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync("clone", Namespace);
        await GoneAsync("snap");
        Assert.That((await Storage.LeftOversAsync(Namespace)).Snapshots, Is.Empty);
    }

    [Test]
    public async Task Retain_keeps_content_and_snapshot_when_the_VolumeSnapshot_goes()
    {
        await CreateClassAsync(Namespace, "Retain");
        await CreateBoundClaimAsync("data");
        await CreateSnapshotAsync("snap", "data", snapshotClass: Namespace);
        var content = (await ReadyAsync("snap")).Status!.BoundVolumeSnapshotContentName!;
        await DeleteSnapshotAsync("snap");
        Assert.That(await Snapshots.FindContentAsync(content), Is.Not.Null);
        await Snapshots.DeleteContentAsync(content);
        await Eventually(async () => await Snapshots.FindContentAsync(content) is null, Deadline, () => "the content is still there");
        // As with the real one, nobody deletes what the storage system still holds.
        var kept = (await Storage.LeftOversAsync(Namespace)).Snapshots;
        Assert.That(kept, Has.Count.EqualTo(1));
        await Storage.RemoveSnapshotAsync(kept[0]);
        await Snapshots.DeleteClassAsync(Namespace);
    }

    private Task<VolumeSnapshotClass> CreateClassAsync(string name, string deletionPolicy) =>
        Snapshots.CreateClassAsync(new VolumeSnapshotClass { Metadata = new V1ObjectMeta { Name = name }, Driver = StorageNames.BlockDriver, DeletionPolicy = deletionPolicy });

    private async Task<IList<string>> ClaimFinalizersAsync(string name) => (await FindClaimAsync(name))?.Metadata.Finalizers ?? [];
}
