using NUnit.Framework;
using Walle.Crds;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>A BackupJob is deleted in the middle of its upload.</summary>
public sealed class DeletedBackupJobCrashTests : DeletionCrashTest
{
    private const string Name = "backupjob-deleted";
    private const string Job = "slow";

    protected override string Scenario => Name;

    [Test]
    public Task DeletedBackupJob_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task DeletedBackupJob(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task ActAsync()
    {
        await CreateBackupAsync(Job, Claim, Slow);
        await UploadsAsync();
        await DeleteBackupAsync(Job);
    }

    protected override Task EndAsync() => Eventually(
        async () => !(await NamesAsync(ApiGroup.BackupJobPlural)).Contains(Job), BackupDeadline, () => "the BackupJob is still there");
}
