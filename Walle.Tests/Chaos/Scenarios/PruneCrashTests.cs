using NUnit.Framework;
using Walle.Crds;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>Retention and prune of a schedule's repository.</summary>
public sealed class PruneCrashTests : CrashMatrixTest
{
    private const string Name = "prune";
    private const string Nightly = "nightly";

    protected override string Scenario => Name;

    [Test]
    public Task Prune_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task Prune(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task PrepareAsync()
    {
        await CreateClaimAsync(Claim);
        await CreateSecretAsync();
        await CreateScheduleAsync(Nightly, Yearly, """ "retention": {"keepLast": 1}, "prune": {"schedule": "0 0 29 2 *", "maxUnused": "0"} """);
        await WaitForScheduleAsync(Nightly, status => status.Selected?.Count == 1, "it is not selected", Soon);
        for (var run = 0; run < 3; run++)
        {
            await WriteAsync(Claim, "head -c 200000 /dev/urandom > churn");
            await RunToItsEndAsync(Nightly);
        }
    }

    protected override Task ActAsync() => AskAnewAsync(Nightly, WellKnown.PruneNowAnnotation);

    protected override Task EndAsync() => WaitForScheduleAsync(Nightly, status => status.LastPrune is { FinishedAt: not null, ScheduledFor: not null }, "the prune has not ended");

    protected override async Task ProveAsync() => Assert.That(await Chaos.Inspector.SnapshotsAsync(Namespace), Has.Count.EqualTo(1), "I6: the newest stays, and only that");
}
