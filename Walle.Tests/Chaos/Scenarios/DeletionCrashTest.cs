using NUnit.Framework;
using Walle.Crds.V1;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>Something is deleted in the middle of an upload: it stops, leaves nothing behind, and deletes no backup.</summary>
public abstract class DeletionCrashTest : CrashMatrixTest
{
    /// <summary>Slow enough that no upload ends by itself.</summary>
    protected static readonly BackupOptions Slow = new() { LimitUploadKiBps = 30 };

    protected override async Task PrepareAsync()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await BackUpAsync("before", Claim);
        await WriteAsync(Claim, "head -c 8000000 /dev/urandom > large");
    }

    /// <summary>The upload has begun: its lock is in the repository.</summary>
    protected Task UploadsAsync() => Eventually(async () => await Chaos.Inspector.LocksAsync(Namespace) > 0, BackupDeadline, () => "restic has not begun");

    protected override async Task ProveAsync() =>
        Assert.That(await Chaos.Inspector.SnapshotsAsync(Namespace), Has.Count.EqualTo(1), "a cancelled upload is no backup, and what was there before stays");
}
