using NUnit.Framework;
using Walle.Crds;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>A BackupSchedule is deleted in the middle of a run: its run is cancelled.</summary>
public sealed class DeletedScheduleCrashTests : DeletionCrashTest
{
    private const string Name = "schedule-deleted";
    private const string Nightly = "nightly";

    protected override string Scenario => Name;

    [Test]
    public Task DeletedSchedule_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task DeletedSchedule(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync();
        await CreateScheduleAsync(Nightly, Yearly, """ "options": {"limitUploadKiBps": 30} """);
        await WaitForScheduleAsync(Nightly, status => status.Selected?.Count == 1, "it is not selected", Soon);
    }

    protected override async Task ActAsync()
    {
        await RunNowAsync(Nightly);
        await UploadsAsync();
        await DeleteScheduleAsync(Nightly);
    }

    protected override Task EndAsync() => Eventually(
        async () => (await NamesAsync(ApiGroup.BackupSchedulePlural)).Count == 0 && (await NamesAsync(ApiGroup.BackupJobPlural)).SequenceEqual(["before"]),
        BackupDeadline, () => "the schedule or its run is still there");
}
