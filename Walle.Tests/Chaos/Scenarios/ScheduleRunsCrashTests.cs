using NUnit.Framework;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>Three runs of a schedule: each is made once, and none is lost.</summary>
public sealed class ScheduleRunsCrashTests : CrashMatrixTest
{
    private const string Name = "schedule-three-runs";
    private const string Nightly = "nightly";
    private const int Runs = 3;

    protected override string Scenario => Name;

    [Test]
    public Task ScheduleRuns_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task ScheduleRuns(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task PrepareAsync()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await CreateScheduleAsync(Nightly, Yearly);
        await WaitForScheduleAsync(Nightly, status => status.Selected?.Count == 1, "it is not selected", Soon);
    }

    protected override async Task ActAsync()
    {
        for (var run = 0; run < Runs; run++)
            await RunToItsEndAsync(Nightly);
    }

    protected override Task EndAsync() => WaitForScheduleAsync(Nightly, HasEnded, "the last run has not ended");

    protected override async Task ProveAsync() =>
        // I1 and I2: as many as there were ticks.
        Assert.That(await Chaos.Inspector.SnapshotsAsync(Namespace), Has.Count.EqualTo(Runs));
}
