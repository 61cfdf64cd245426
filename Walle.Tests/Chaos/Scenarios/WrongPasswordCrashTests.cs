using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>The Secret's password opens nothing: told at once, not tried again, and no repository is ever made beside the one that is there.</summary>
public sealed class WrongPasswordCrashTests : CrashMatrixTest
{
    private const string Name = "wrong-password";
    private const string Job = "doomed";

    protected override string Scenario => Name;

    [Test]
    public Task WrongPassword_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task WrongPassword(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task PrepareAsync()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
        await CreateSecretAsync(password: "another one", name: "wrong");
    }

    protected override Task ActAsync() => CreateBackupAsync(Job, Claim, secret: "wrong");

    protected override async Task EndAsync() => await EndOfAsync(Job);

    protected override async Task ProveAsync()
    {
        var status = await EndOfAsync(Job);
        Assert.That((status.Phase, status.Reason), Is.EqualTo((BackupPhase.Failed, nameof(Reason.WrongPassword))), status.Message);
        Assert.That(await Chaos.Inspector.SnapshotsAsync(Namespace), Has.Count.EqualTo(1), "the first backup stands");
    }
}
