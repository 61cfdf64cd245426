using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>The main job: one claim, from a BackupJob to a verified restic snapshot.</summary>
public sealed class MainJobTests : EndToEndTest
{
    private const string Claim = "data";

    [TestCase(StorageNames.BlockImmediate)]
    [TestCase(StorageNames.FileImmediate)]
    public async Task Backup_OfAMixedTree_IsRestoredIdenticallyByStockRestic(string storageClass)
    {
        await CreateClaimAsync(Claim, storageClass);
        var folder = await Storage.VolumePathAsync(Namespace, Claim);
        await Cluster.Node.RunAsync("bash", "-c", RestoreCheck.Script("mixed-tree.sh"), "mixed-tree", folder);
        var expected = await Restore.ManifestOfFolderAsync(folder);
        await CreateSecretAsync();

        var status = await BackUpAsync("first", Claim);

        var volume = status.Volumes!.Single();
        Assert.Multiple(() =>
        {
            Assert.That(expected.Split('\n'), Has.Length.GreaterThan(4000), "the tree is as mixed as it should be");
            Assert.That(HasReached(status, ConditionTypes.Complete), Is.True);
            Assert.That(HasReached(status, ConditionTypes.CleanedUp), Is.True);
            Assert.That(volume.FilesNew, Is.GreaterThanOrEqualTo(2000));
            Assert.That(status.InitializedRepository, Is.True);
        });
        Assert.That(await Restore.ManifestOfSnapshotAsync(volume.ResticSnapshotId!), Is.EqualTo(expected));
        await NothingIsLeftAsync();
        Assert.That(await Restore.ResticAsync("check", "--read-data"), Does.Contain("no errors were found"));
    }

    [Test]
    public async Task SecondBackup_OfAnUnchangedBlockVolume_ReadsNoFileAndAddsNextToNothing()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "for n in $(seq 300); do echo $n > file-$n; done");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);

        var second = (await BackUpAsync("second", Claim)).Volumes!.Single();

        Assert.Multiple(() =>
        {
            Assert.That(second.FilesUnmodified, Is.EqualTo(300));
            Assert.That(second.FilesChanged, Is.Zero);
            Assert.That(second.FilesNew, Is.Zero);
            Assert.That(second.BytesAdded, Is.LessThan(2048));
            Assert.That(second.ParentId, Is.Not.Null);
        });
    }

    [Test]
    public async Task AutoChangeDetection_OfADriverThatCopiesFiles_StopsReadingEverythingAgain()
    {
        await CreateClaimAsync(Claim, StorageNames.FileImmediate);
        await WriteAsync(Claim, "for n in $(seq 50); do head -c 20000 /dev/urandom > file-$n; done");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);

        var second = (await BackUpAsync("second", Claim)).Volumes!.Single();
        var third = (await BackUpAsync("third", Claim)).Volumes!.Single();

        Assert.Multiple(() =>
        {
            Assert.That(second.FilesChanged, Is.EqualTo(50), "new inodes: a strict run reads all");
            Assert.That(third.ChangeDetection, Is.EqualTo(ChangeDetection.ModificationTime));
            Assert.That(third.FilesUnmodified, Is.EqualTo(50));
        });
    }

    [Test]
    public async Task Backup_OfAWaitForFirstConsumerVolume_BindsItsCloneWithTheWorker()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();

        var status = await BackUpAsync("first", Claim, new BackupOptions { CloneVolume = new CloneOptions { StorageClassName = StorageNames.BlockWait } });

        Assert.That(status.Volumes!.Single().FilesNew, Is.EqualTo(1));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task Snapshot_InTheRepository_IsFoundByHostPathAndTags()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "mkdir cache; echo x > cache/x; printf 'Signature: 8a477f597d28d172789f06886806bc55' > cache/CACHEDIR.TAG; echo keep > keep; echo drop > drop.tmp");
        await CreateSecretAsync();

        var status = await BackUpAsync("first", Claim, new BackupOptions { Tags = ["mine"], Excludes = ["*.tmp"], ExcludeCaches = true });

        var snapshot = (await Restore.SnapshotsAsync()).Single();
        var volume = status.Volumes!.Single();
        Assert.Multiple(() =>
        {
            Assert.That(snapshot.GetProperty("id").GetString(), Is.EqualTo(volume.ResticSnapshotId));
            Assert.That(snapshot.GetProperty("hostname").GetString(), Is.EqualTo("test-cluster"));
            Assert.That(snapshot.GetProperty("paths").EnumerateArray().Single().GetString(), Is.EqualTo($"/walle/{Namespace}/{Claim}"));
            Assert.That(snapshot.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()), Is.SupersetOf(new[] { "walle", "mine", "job=first", $"pvc-uid={volume.ClaimUid}" }));
            Assert.That(snapshot.GetProperty("time").GetDateTimeOffset(), Is.EqualTo(volume.SnapshotTime), "the time of the backup is that of the snapshot's cut");
            Assert.That(volume.RestoreCommand, Does.StartWith($"restic restore {volume.ResticSnapshotId}"));
        });
        var paths = (await Restore.ResticAsync("ls", volume.ResticSnapshotId!)).Split('\n');
        Assert.That(paths, Has.Some.EndsWith("/keep").And.None.EndsWith("/drop.tmp").And.None.EndsWith("/x"));
    }
}
