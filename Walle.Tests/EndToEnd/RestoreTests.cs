using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>Everything is lost but the repository, and comes back.</summary>
public sealed class RestoreTests : RestoreEndToEndTest
{
    [Test]
    public async Task RestoreJob_IntoAClaimThatItMakes_BringsBackAMixedTree_AndTheWorkloadStartsAgain()
    {
        await CreateClaimAsync(Claim, StorageNames.BlockImmediate, size: "96Mi");
        await Kubernetes.CoreV1.PatchNamespacedPersistentVolumeClaimAsync(new V1Patch("""{"metadata":{"labels":{"app.kubernetes.io/name":"shop","tier":"gold"}}}""", V1Patch.PatchType.MergePatch), Claim, Namespace);
        var folder = await Storage.VolumePathAsync(Namespace, Claim);
        await Cluster.Node.RunAsync("bash", "-c", RestoreCheck.Script("mixed-tree.sh"), "mixed-tree", folder);
        await Cluster.Node.RunAsync("sh", "-c", "chown 999:1000 \"$1\"; chmod 2770 \"$1\"; touch -d '2026-01-02 03:04:05.678901234' \"$1\"; sync -f \"$1\"", "root", folder);
        var expected = (await ManifestOfClaimAsync(Claim), await RootOfClaimAsync(Claim));
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
        await DeleteBackupAsync("first");
        await DeleteClaimAsync(Claim);

        var status = await RestoreAsync("undo", FromClaim(Claim, Claim, new NewClaim()));

        Assert.That((await ManifestOfClaimAsync(Claim), await RootOfClaimAsync(Claim)), Is.EqualTo(expected));
        var claim = await Kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(Claim, Namespace);
        Assert.Multiple(() =>
        {
            Assert.That(expected.Item1.Split('\n'), Has.Length.GreaterThan(4000), "the tree is as mixed as it should be");
            Assert.That(claim.Spec.StorageClassName, Is.EqualTo(StorageNames.BlockImmediate));
            Assert.That(claim.Spec.Resources.Requests["storage"].ToString(), Is.EqualTo("96Mi"));
            Assert.That(claim.Spec.AccessModes, Is.EqualTo(new[] { "ReadWriteOnce" }));
            Assert.That(claim.Metadata.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["app.kubernetes.io/name"] = "shop", ["tier"] = "gold" }));
            Assert.That(claim.Metadata.OwnerReferences, Is.Null.Or.Empty, "it stays when the RestoreJob goes");
            Assert.That(status.CreatedTarget, Is.True);
            Assert.That(status.Verified, Is.True);
            Assert.That(status.OwnershipRestored, Is.True);
            Assert.That(status.FilesRestored, Is.GreaterThan(2000));
        });
        await NothingIsLeftAsync();
        await RunPodAsync("shop", Claim);
    }

    [Test]
    public async Task RestoreJob_WithClassSizeAndModesOfItsOwn_MakesTheClaimSo_AlsoWithWaitForFirstConsumer()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);

        await RestoreAsync("copy", FromClaim(Claim, "copy", new NewClaim { StorageClassName = StorageNames.FileWait, Size = "80Mi", AccessModes = ["ReadWriteMany"] }));

        var claim = await Kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync("copy", Namespace);
        Assert.That((claim.Spec.StorageClassName, claim.Spec.Resources.Requests["storage"].ToString(), claim.Spec.AccessModes[0]), Is.EqualTo((StorageNames.FileWait, "80Mi", "ReadWriteMany")));
        Assert.That(await ManifestOfClaimAsync("copy"), Is.EqualTo(await ManifestOfClaimAsync(Claim)));
    }

    [Test]
    public async Task RestoreJob_IntoAnEmptyClaimThatNobodyHasUsedYet_BindsItWithItsWorker()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        var backup = (await BackUpAsync("first", Claim)).Volumes!.Single();
        await CreateUnboundClaimAsync("empty", StorageNames.BlockWait);

        var status = await RestoreAsync("by-id", From(new RestoreSource { SnapshotId = backup.ShortId }, new RestoreTarget { ClaimName = "empty" }));

        Assert.That(status.ResticSnapshotId, Is.EqualTo(backup.ResticSnapshotId));
        Assert.That(status.SnapshotTime, Is.EqualTo(backup.SnapshotTime));
        Assert.That(status.PlanAttempts, Is.Null, "one worker is enough where the target exists");
        Assert.That(await ManifestOfClaimAsync("empty"), Is.EqualTo(await ManifestOfClaimAsync(Claim)));
    }

    [Test]
    public async Task RestoreJob_OverData_TakesBackWhatWasAsked()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "mkdir etc; echo one > etc/conf; echo two > file");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
        var before = await ManifestOfClaimAsync(Claim);
        await WriteAsync(Claim, "echo spoiled > etc/conf; echo spoiled > file; echo new > extra");
        await BackUpAsync("second", Claim);

        await RestoreAsync("part", FromClaim(Claim, Claim) with { Source = new RestoreSource { ClaimName = Claim, Previous = 1 }, Overwrite = OverwriteMode.Always, Include = ["/etc"] });
        var folder = await Storage.VolumePathAsync(Namespace, Claim);
        Assert.That(await Cluster.Node.RunAsync("sh", "-c", "cd \"$1\"; cat etc/conf file extra", "cat", folder), Is.EqualTo("one\nspoiled\nnew").IgnoreWhiteSpace);

        var all = await RestoreAsync("all", FromClaim(Claim, Claim) with { Source = new RestoreSource { ClaimName = Claim, Previous = 1 }, Overwrite = OverwriteMode.IfChanged, DeleteExtra = true });
        Assert.That(await ManifestOfClaimAsync(Claim), Is.EqualTo(before));
        Assert.That(all.FilesDeleted, Is.EqualTo(1));
    }

    [TestCase("mkdir folder; echo content > folder/file; setfattr -n user.note -v x folder/file")]
    [TestCase("true", Description = "an empty volume")]
    public async Task RestoreCommand_IsWhatStockResticUnderstands(string script)
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, script);
        await CreateSecretAsync();
        var command = (await BackUpAsync("first", Claim)).Volumes!.Single().RestoreCommand!;

        Assert.That(command, Does.StartWith("restic restore ").And.EndsWith($" --target ./{Claim}"));
        await Restore.ResticAsync([.. command.Split(' ')[1..^1], "/restored/here"]);
        Assert.That(await Restore.ManifestOfFolderAsync($"/var/lib/walle-restores/{Namespace}/here"), Is.EqualTo(await ManifestOfClaimAsync(Claim)));
    }

    [Test]
    public async Task RestoreJob_InARestrictedNamespace_RestoresTheData_AndSaysThatOwnersAreNot()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file; chown 1234:1234 file; chmod 0640 file");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
        await Kubernetes.CoreV1.PatchNamespaceAsync(new V1Patch("""{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""", V1Patch.PatchType.MergePatch), Namespace);

        var status = await RestoreAsync("copy", FromClaim(Claim, "copy", new NewClaim()) with { Options = new RestoreOptions { Worker = new WorkerOptions { RunAsUser = 4321 } } });

        Assert.That(status.OwnershipRestored, Is.False);
        Assert.That(status.Message, Does.Contain("owners were not restored"));
        var folder = await Storage.VolumePathAsync(Namespace, "copy");
        Assert.That(await Cluster.Node.RunAsync("sh", "-c", "cd \"$1\"; cat file; stat -c '%u %a' file", "cat", folder), Is.EqualTo("content\n4321 640").IgnoreWhiteSpace);
    }

    [Test]
    public async Task RestoreJob_WhoseRepositoryADeadWorkerHasLocked_RemovesTheLock_AndGoesOn()
    {
        await CreateSecretAsync();
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "head -c 400000 /dev/urandom > file");
        await BackUpAsync("first", Claim);
        var uid = (await ReadBackupAsync("first")).Metadata.Uid!;
        var locks = $"{Walle.Repositories.Folder}/{Namespace}/locks";
        var dead = global::Walle.Controller.Pipeline.ResourceNames.BackupJob(uid, 1);
        await Restore.LeaveLockAsync($"{dead}-x7k2p", locks);

        var status = await RestoreAsync("undo", FromClaim(Claim, "again", new NewClaim()));
        Assert.That((status.PlanAttempts, status.Attempts), Is.EqualTo(((int?)2, (int?)1)), "the first to come found the lock");
        Assert.That((await Cluster.Node.RunAsync("ls", locks)).Trim(), Is.Empty);
        Assert.That(
            await Restore.ManifestOfFolderAsync(await Storage.VolumePathAsync(Namespace, "again")),
            Is.EqualTo(await Restore.ManifestOfFolderAsync(await Storage.VolumePathAsync(Namespace, Claim))));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task RestoreJob_WithATimeToLive_GoesAndLeavesWhatItMade()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
        await CreateRestoreAsync("short-lived", FromClaim(Claim, "copy", new NewClaim()) with { Options = new RestoreOptions { TtlSecondsAfterFinished = 0 } });
        await Eventually(
            async () => ((System.Text.Json.JsonElement)await Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync("ros.io", "v1", Namespace, "restorejobs")).GetProperty("items").GetArrayLength() == 0,
            BackupDeadline, () => "the RestoreJob has not been deleted at the end of its time to live");
        Assert.That(await ManifestOfClaimAsync("copy"), Is.EqualTo(await ManifestOfClaimAsync(Claim)));
    }
}
