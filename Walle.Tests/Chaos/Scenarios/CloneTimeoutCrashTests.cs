using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>The clone is never bound, until the deadline.</summary>
public sealed class CloneTimeoutCrashTests : CrashMatrixTest
{
    private const string Name = "clone-timeout";
    private const string Job = "doomed";

    protected override string Scenario => Name;

    [Test]
    public Task CloneTimeout_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task CloneTimeout(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task PrepareAsync()
    {
        await CreateClaimAsync(Claim, fault: Fault.NeverBind);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
    }

    protected override Task ActAsync() => CreateBackupAsync(Job, Claim, new BackupOptions { BindTimeoutSeconds = 10 });

    protected override async Task EndAsync() => await EndOfAsync(Job);

    protected override async Task ProveAsync()
    {
        var status = await EndOfAsync(Job);
        Assert.That((status.Phase, status.Reason), Is.EqualTo((BackupPhase.Failed, nameof(Reason.CloneTimeout))), status.Message);
    }
}
