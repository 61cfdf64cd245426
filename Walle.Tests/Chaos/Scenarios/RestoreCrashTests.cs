using NUnit.Framework;
using Walle.Crds.V1;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>A restore into a new claim.</summary>
public sealed class RestoreCrashTests : CrashMatrixTest
{
    private const string Name = "restore";
    private const string Job = "undo";
    private const string Target = "target";

    protected override string Scenario => Name;

    [Test]
    public Task Restore_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task Restores(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task PrepareAsync()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "head -c 300000 /dev/urandom > large; mkdir d; echo content > d/file; ln d/file hard; ln -s d/file soft; chown 5:6 large; chmod 0600 large");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
    }

    protected override Task ActAsync() => CreateRestoreAsync(Job, FromClaim(Claim, Target, new NewClaim()));

    protected override async Task EndAsync() => await EndOfRestoreAsync(Job);

    protected override async Task ProveAsync()
    {
        var status = await EndOfRestoreAsync(Job);
        Assert.That(status.Phase, Is.EqualTo(RestorePhase.Succeeded), $"{status.Reason}: {status.Message}");
        Assert.That(await ManifestOfClaimAsync(Target), Is.EqualTo(await ManifestOfClaimAsync(Claim)), "I3");
    }
}
