using NUnit.Framework;

namespace Walle.Tests.Storage;

/// <summary>Every fault of a snapshot shows what it says, and harms nothing else.</summary>
[TestFixture]
public sealed class SnapshotFaultTests : StorageBehaviourTest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Test]
    public async Task No_controller_leaves_a_snapshot_without_status_and_finalizers()
    {
        var snapshot = await BesidesAsync(Fault.NoController);
        Assert.That((snapshot.Status, snapshot.Metadata.Finalizers?.Count ?? 0), Is.EqualTo(((VolumeSnapshotStatus?)null, 0)));
    }

    [Test]
    public async Task Never_cut_means_bound_and_no_creationTime_and_it_can_be_deleted()
    {
        var snapshot = await BesidesAsync(Fault.NeverCut);
        Assert.That(
            (snapshot.Status?.BoundVolumeSnapshotContentName is null, snapshot.Status?.CreationTime, snapshot.Status?.ReadyToUse, snapshot.Status?.Error),
            Is.EqualTo((false, (DateTime?)null, (bool?)false, (VolumeSnapshotError?)null)));
        await DeleteSnapshotAsync("faulty");
        Assert.That((await Storage.LeftOversAsync(Namespace)).Snapshots, Has.Count.EqualTo(1), "only that of the healthy one");
    }

    [Test]
    public async Task Never_ready_means_cut_and_not_ready_and_it_can_be_deleted()
    {
        var snapshot = await BesidesAsync(Fault.NeverReady);
        Assert.That((snapshot.Status?.CreationTime is null, snapshot.Status?.ReadyToUse), Is.EqualTo((false, (bool?)false)));
        await DeleteSnapshotAsync("faulty");
    }

    [Test]
    public async Task Slow_ready_is_ready_that_much_after_the_cut()
    {
        var made = await CreateFaultyAsync($"{Fault.SlowReady}:3s");
        await ReadyAsync("faulty");
        Assert.That(TimeProvider.System.GetUtcNow().UtcDateTime - made.Metadata.CreationTimestamp, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public async Task Slow_cut_cuts_that_much_later()
    {
        var made = await CreateFaultyAsync($"{Fault.SlowCut}:3s");
        var ready = await ReadyAsync("faulty");
        Assert.That(ready.Status!.CreationTime - made.Metadata.CreationTimestamp, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task Snapshot_error_sets_the_error_and_never_cuts()
    {
        await CreateFaultyAsync(Fault.SnapshotError);
        Assert.That(await ErrorAsync("faulty"), Does.Contain("code = InvalidArgument"));
        Assert.That((await Snapshots.FindAsync(Namespace, "faulty"))!.Status!.CreationTime, Is.Null);
        await DeleteSnapshotAsync("faulty");
    }

    [Test]
    public async Task Error_then_recover_sets_the_error_and_clears_it_when_ready()
    {
        // So many that the error is there to be seen however slow this is.
        await CreateFaultyAsync($"{Fault.ErrorThenRecover}:1000");
        Assert.That(await ErrorAsync("faulty"), Does.Contain("code = Unavailable"));
        await SetFaultAsync("data", $"{Fault.ErrorThenRecover}:1");
        Assert.That((await ReadyAsync("faulty")).Status!.Error, Is.Null);
    }

    [Test]
    public async Task A_fault_ends_when_its_annotation_is_taken_off()
    {
        await CreateFaultyAsync(Fault.SnapshotError);
        await ErrorAsync("faulty");
        await SetFaultAsync("data", null);
        Assert.That((await ReadyAsync("faulty")).Status!.Error, Is.Null);
    }

    [Test]
    public async Task Undeletable_snapshot_keeps_content_and_snapshot_until_the_fault_ends()
    {
        await CreateFaultyAsync(Fault.UndeletableSnapshot);
        var content = (await ReadyAsync("faulty")).Status!.BoundVolumeSnapshotContentName!;
        await Snapshots.DeleteAsync(Namespace, "faulty");
        await Eventually(async () => (await Snapshots.FindContentAsync(content))?.Metadata.DeletionTimestamp is not null, Deadline, () => "the content is not being deleted");
        Assert.That((await Snapshots.FindAsync(Namespace, "faulty"))!.Metadata.Finalizers, Does.Contain(StorageNames.SnapshotBoundFinalizer));
        await SetFaultAsync("data", null);
        await GoneAsync("faulty");
    }

    [Test]
    public async Task A_fault_that_cannot_be_read_is_an_error_and_harms_no_other_object()
    {
        await BesidesAsync($"{Fault.SlowCut}:soon");
        Assert.That(await ErrorAsync("faulty"), Does.Contain("'soon'"));
        await DeleteSnapshotAsync("faulty");
    }

    private async Task<VolumeSnapshot> CreateFaultyAsync(string fault)
    {
        await CreateBoundClaimAsync("data", fault);
        return await CreateSnapshotAsync("faulty", "data");
    }

    /// <summary>The faulty snapshot as it is once a healthy one, made after it, is ready.</summary>
    private async Task<VolumeSnapshot> BesidesAsync(string fault)
    {
        await CreateBoundClaimAsync("data");
        await CreateSnapshotAsync("faulty", "data", fault);
        var needsMore = fault is Fault.NeverCut or Fault.NeverReady;
        await SnapshotAsync(
            "faulty",
            snapshot => !needsMore || (snapshot.Status?.BoundVolumeSnapshotContentName is not null && (fault == Fault.NeverCut || snapshot.Status.CreationTime is not null)),
            "as far as it comes");
        await CreateSnapshotAsync("healthy", "data");
        await ReadyAsync("healthy");
        return (await Snapshots.FindAsync(Namespace, "faulty"))!;
    }
}
