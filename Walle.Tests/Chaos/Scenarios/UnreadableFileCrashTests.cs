using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>restic ends with 3, since a file cannot be read: part of a volume is never a complete backup, whatever is killed.</summary>
public sealed class UnreadableFileCrashTests : CrashMatrixTest
{
    private const string Name = "unreadable-file";
    private const string Job = "partial";

    protected override string Scenario => Name;

    [Test]
    public Task UnreadableFile_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task UnreadableFile(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task PrepareAsync()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo readable > readable; echo secret > closed; chmod 0600 closed; chmod 0755 .");
        await CreateSecretAsync();
    }

    protected override Task ActAsync() => CreateBackupAsync(Job, Claim, new BackupOptions { Worker = new WorkerOptions { SecurityProfile = SecurityProfile.Restricted, RunAsUser = 12345 } });

    protected override async Task EndAsync() => await EndOfAsync(Job);

    protected override async Task ProveAsync()
    {
        var status = await EndOfAsync(Job);
        Assert.That((status.Phase, status.Reason), Is.EqualTo((BackupPhase.PartiallySucceeded, nameof(Reason.SourceUnreadable))), status.Message);
        Assert.That(HasReached(status, ConditionTypes.Complete), Is.False, "I3");
    }
}
