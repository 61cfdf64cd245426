using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>The controller is killed in the middle of a backup: one snapshot, one result, nothing left.</summary>
[NonParallelizable]
public sealed class CrashTests : EndToEndTest
{
    private const string Claim = "data";
    private const string Job = "survivor";

    [TestCase("before the snapshot is cut")]
    [TestCase("before the snapshot is ready")]
    [TestCase("before the clone is bound")]
    [TestCase("while the worker uploads")]
    [TestCase("as soon as the result is known")]
    public async Task KilledController_ResumesAndFinishes(string moment)
    {
        await CreateClaimAsync(Claim, fault: $"{Fault.SlowCut}:2s,{Fault.SlowReady}:2s,{Fault.SlowBind}:2s");
        await WriteAsync(Claim, "head -c 20000000 /dev/urandom > large");
        await CreateSecretAsync();
        await CreateBackupAsync(Job, Claim, new BackupOptions { LimitUploadKiBps = 5000 });
        await WaitForAsync(Job, Reached(moment), moment);

        await Walle.Controller.KillAsync();
        Walle.Controller.Start();

        var status = await EndOfAsync(Job);
        Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), status.Message);
        var snapshots = await Restore.SnapshotsAsync();
        Assert.That(snapshots.Select(snapshot => snapshot.GetProperty("id").GetString()), Is.EqualTo(new[] { status.Volumes!.Single().ResticSnapshotId }));
        await NothingIsLeftAsync();
    }

    private static Func<BackupJobStatus, bool> Reached(string moment) => moment switch
    {
        "before the snapshot is cut" => status => HasReached(status, ConditionTypes.Accepted),
        "before the snapshot is ready" => status => HasReached(status, ConditionTypes.Accepted) && status.StartTime < TimeProvider.System.GetUtcNow().AddSeconds(-3),
        "before the clone is bound" => status => HasReached(status, ConditionTypes.SnapshotReady),
        "while the worker uploads" => status => status.Attempts > 0 && status.Message == "the worker is uploading",
        _ => status => HasReached(status, ConditionTypes.Complete),
    };
}
