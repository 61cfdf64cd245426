using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>Each thing that can go wrong ends in its own reason, within its deadline, with a message that says what to do, and with nothing left.</summary>
public sealed class FailureTests : EndToEndTest
{
    private const string Claim = "data";
    private const string Job = "doomed";

    [Test]
    public async Task MissingClaim_Fails_SourceNotFound()
    {
        await CreateBackupAsync(Job, "no-such-claim");
        await EndsWithAsync(Job, Reason.SourceNotFound, "kubectl");
    }

    [Test]
    public async Task PendingClaim_Fails_SourceNotBound_AtItsDeadline()
    {
        await Kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = Claim },
            Spec = new V1PersistentVolumeClaimSpec
            {
                StorageClassName = StorageNames.BlockWait,
                AccessModes = ["ReadWriteOnce"],
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("64Mi") } },
            },
        }, Namespace);
        await CreateBackupAsync(Job, Claim, new BackupOptions { BindTimeoutSeconds = 10 });
        await EndsWithAsync(Job, Reason.SourceNotBound, "describe pvc");
    }

    [Test]
    public async Task BlockModeClaim_Fails_UnsupportedVolumeMode()
    {
        await CreateClaimAsync(Claim, volumeMode: "Block");
        await CreateBackupAsync(Job, Claim);
        await EndsWithAsync(Job, Reason.UnsupportedVolumeMode, "Filesystem");
    }

    [Test]
    public async Task DriverWithoutSnapshotClass_Fails_SnapshotClassMissing()
    {
        await CreateClaimAsync(Claim, StorageNames.NoClass);
        await CreateBackupAsync(Job, Claim);
        await EndsWithAsync(Job, Reason.SnapshotClassMissing, StorageNames.NoClassDriver);
    }

    [Test]
    public async Task TwoSnapshotClassesAndNoDefault_Fails_AndNamesTheChoices()
    {
        await CreateClaimAsync(Claim, StorageNames.TwoClasses);
        await CreateBackupAsync(Job, Claim);
        await EndsWithAsync(Job, Reason.SnapshotClassMissing, $"{StorageNames.TwoSnapshotsA}, {StorageNames.TwoSnapshotsB}");
    }

    [Test]
    public async Task SnapshotNeverReady_Fails_SnapshotTimeout()
    {
        await CreateClaimAsync(Claim, fault: Fault.NeverReady);
        await CreateBackupAsync(Job, Claim, new BackupOptions { SnapshotTimeoutSeconds = 10 });
        await EndsWithAsync(Job, Reason.SnapshotTimeout, "snapshotTimeoutSeconds");
    }

    [Test]
    public async Task NoSnapshotController_Fails_AndSaysSo()
    {
        await CreateClaimAsync(Claim, fault: Fault.NoController);
        await CreateBackupAsync(Job, Claim, new BackupOptions { SnapshotTimeoutSeconds = 10 });
        await EndsWithAsync(Job, Reason.SnapshotTimeout, "no snapshot controller");
    }

    [Test]
    public async Task SnapshotErrorThatRecovers_Succeeds()
    {
        await CreateClaimAsync(Claim, fault: Fault.ErrorThenRecover);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await CreateBackupAsync(Job, Claim);
        Assert.That((await EndOfAsync(Job)).Phase, Is.EqualTo(BackupPhase.Succeeded));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task CloneNeverBound_Fails_CloneTimeout()
    {
        await CreateClaimAsync(Claim, fault: Fault.NeverBind);
        await CreateBackupAsync(Job, Claim, new BackupOptions { BindTimeoutSeconds = 10 });
        await EndsWithAsync(Job, Reason.CloneTimeout, "bindTimeoutSeconds");
    }

    [Test]
    public async Task MissingSecret_Fails_SecretNotFound_AndShowsItBeforeTheDeadline()
    {
        await CreateClaimAsync(Claim);
        await CreateBackupAsync(Job, Claim, new BackupOptions { StartTimeoutSeconds = 15 });
        await WaitForAsync(Job, status => status.Reason == nameof(Reason.SecretNotFound), "tells that the Secret is missing");
        Assert.That((await ReadBackupAsync(Job)).Status!.CompletionTime, Is.Null, "a Secret may still come");
        await EndsWithAsync(Job, Reason.SecretNotFound, "kubectl");
    }

    [Test]
    public async Task SecretWithoutPassword_Fails_SecretKeyMissing()
    {
        await CreateClaimAsync(Claim);
        await CreateSecretAsync(password: null);
        await CreateBackupAsync(Job, Claim, new BackupOptions { StartTimeoutSeconds = 10 });
        await EndsWithAsync(Job, Reason.SecretKeyMissing, "RESTIC_PASSWORD");
    }

    [Test]
    public async Task WrongPassword_Fails_AtOnce()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
        await CreateSecretAsync(password: "another one", name: "wrong");
        await CreateBackupAsync(Job, Claim, secret: "wrong");
        var status = await EndsWithAsync(Job, Reason.WrongPassword, "password");
        Assert.That(status.Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task UnreachableRepository_Fails_AfterItsRetries()
    {
        await CreateClaimAsync(Claim);
        await CreateSecretAsync("rest:http://127.0.0.1:9/nowhere/");
        await CreateBackupAsync(Job, Claim, new BackupOptions { RetryLimit = 0 });
        await EndsWithAsync(Job, Reason.RepositoryUnreachable, "127.0.0.1");
    }

    [Test]
    public async Task MissingRepository_WithInitializeNever_Fails_RepositoryNotFound()
    {
        await CreateClaimAsync(Claim);
        await CreateSecretAsync();
        await CreateBackupAsync(Job, Claim, initialize: RepositoryInitialize.Never);
        await EndsWithAsync(Job, Reason.RepositoryNotFound, "initialize");
    }

    [Test]
    public async Task RepositoryThatWasReachedAndIsGone_Fails_AndIsNotCreatedAnew()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
        await Cluster.Node.RunAsync("mv", $"{Walle.Repositories.Folder}/{Namespace}", $"{Walle.Repositories.Folder}/{Namespace}-moved");
        await CreateBackupAsync(Job, Claim);
        await EndsWithAsync(Job, Reason.RepositoryVanished, "never created anew");
    }

    [Test]
    public async Task FullRepository_Fails_RepositoryFull_AndTheOldSnapshotStands()
    {
        var server = await RepositoryServer.StartAsync(Cluster, "full", tmpfsSize: "24m");
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync(server.UrlOf(Namespace));
        await BackUpAsync("first", Claim);
        await WriteAsync(Claim, "head -c 40000000 /dev/urandom > large");
        await CreateBackupAsync(Job, Claim, new BackupOptions { RetryLimit = 0 });
        await EndsWithAsync(Job, Reason.RepositoryFull, "full");
        Assert.That(await Restore.ResticAsync("check", "--no-lock"), Does.Contain("no errors were found"));
    }

    [Test]
    public async Task UnreadableFile_PartlySucceeds_AndNamesIt()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo readable > readable; echo secret > closed; chmod 0600 closed; chmod 0755 .");
        await CreateSecretAsync();
        var worker = new WorkerOptions { SecurityProfile = SecurityProfile.Restricted, RunAsUser = 12345 };
        await CreateBackupAsync(Job, Claim, new BackupOptions { Worker = worker });
        var status = await EndsWithAsync(Job, Reason.SourceUnreadable, "closed", BackupPhase.PartiallySucceeded);
        Assert.That(status.Volumes!.Single().ResticSnapshotId, Is.Not.Null);
        Assert.That(HasReached(status, ConditionTypes.Complete), Is.False, "part of a volume is never a complete backup");
    }

    [Test]
    public async Task WhollyUnreadableSource_Fails_AndLeavesNoSnapshot()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo secret > closed; chmod 0700 .");
        await CreateSecretAsync();
        var worker = new WorkerOptions { SecurityProfile = SecurityProfile.Restricted, RunAsUser = 12345 };
        await CreateBackupAsync(Job, Claim, new BackupOptions { Worker = worker });
        var status = await EndsWithAsync(Job, Reason.SourceUnreadable, "");
        Assert.That(status.Volumes!.Single().ResticSnapshotId, Is.Null);
    }

    [Test]
    public async Task EmptyVolume_ThatWasNotEmptyLastTime_Fails_UnlessAllowed()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
        await SetFaultAsync(Claim, Fault.BlankClone);
        await CreateBackupAsync(Job, Claim);
        var status = await EndsWithAsync(Job, Reason.EmptySource, "allowEmpty");
        Assert.That(status.Volumes!.Single().ResticSnapshotId, Is.Null);

        await BackUpAsync("allowed", Claim, new BackupOptions { AllowEmpty = true });
    }

    [Test]
    public async Task KilledWorker_IsTriedAgain()
    {
        await CreateClaimAsync(Claim, size: "128Mi");
        await WriteAsync(Claim, "head -c 60000000 /dev/urandom > large");
        await CreateSecretAsync();
        await CreateBackupAsync(Job, Claim, new BackupOptions { LimitUploadKiBps = 8000 });
        await KillResticAsync();

        var status = await EndOfAsync(Job);

        Assert.Multiple(() =>
        {
            Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), status.Message);
            Assert.That(status.FailedAttempts, Is.EqualTo(1));
            Assert.That(status.Attempts, Is.GreaterThanOrEqualTo(2));
        });
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task DeletedInTheMiddleOfTheUpload_LeavesNothing()
    {
        await CreateClaimAsync(Claim, size: "128Mi");
        await WriteAsync(Claim, "head -c 60000000 /dev/urandom > large");
        await CreateSecretAsync();
        await CreateBackupAsync(Job, Claim, new BackupOptions { LimitUploadKiBps = 2000 });
        await Eventually(ResticRunsAsync, BackupDeadline, () => "restic has not started");

        await DeleteBackupAsync(Job);

        await NothingIsLeftAsync();
        Assert.That(await Cluster.Node.RunAsync("ls", $"{Walle.Repositories.Folder}/{Namespace}/snapshots"), Is.Empty, "a cancelled upload is no backup");
        Assert.That(await Cluster.Node.RunAsync("ls", $"{Walle.Repositories.Folder}/{Namespace}/locks"), Is.Empty, "restic was told to stop and released its lock");
    }

    private async Task KillResticAsync()
    {
        await Eventually(ResticRunsAsync, BackupDeadline, () => "restic has not started");
        await Cluster.Node.RunAsync("pkill", "-KILL", "-f", $"restic backup.*/walle/{Namespace}/{Claim}|walle-worker backup.*/walle/{Namespace}/{Claim}");
    }

    /// <summary>It holds its lock: past the start, in the middle of the work.</summary>
    private async Task<bool> ResticRunsAsync() =>
        (await Cluster.Node.RunAllowingFailureAsync("sh", "-c", $"ls {Walle.Repositories.Folder}/{Namespace}/data/*/* 2>/dev/null | head -n 1")).Output.Trim().Length > 0;
}
