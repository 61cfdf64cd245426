using NUnit.Framework;
using Walle.Crds;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>Check of a schedule's repository: the first of two parts.</summary>
public sealed class CheckCrashTests : CrashMatrixTest
{
    private const string Name = "check";
    private const string Nightly = "nightly";

    protected override string Scenario => Name;

    [Test]
    public Task Check_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task Check(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task PrepareAsync()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "head -c 200000 /dev/urandom > file");
        await CreateSecretAsync();
        await CreateScheduleAsync(Nightly, Yearly, """ "check": {"schedule": "0 0 29 2 *", "readDataParts": 2} """);
        await WaitForScheduleAsync(Nightly, status => status.Selected?.Count == 1, "it is not selected", Soon);
        await RunToItsEndAsync(Nightly);
    }

    protected override Task ActAsync() => AskAnewAsync(Nightly, WellKnown.CheckNowAnnotation);

    protected override Task EndAsync() => WaitForScheduleAsync(Nightly, status => status.LastCheck is { FinishedAt: not null, ScheduledFor: not null }, "the check has not ended");
}
