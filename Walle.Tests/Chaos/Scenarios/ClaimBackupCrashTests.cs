using NUnit.Framework;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>The main job, killed at each of its writes.</summary>
public sealed class ClaimBackupCrashTests : ClaimBackupTest
{
    [Test]
    public Task ClaimBackup_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 4 })]
    public Task ClaimBackup(object point) => SurvivesAsync((CrashPoint)point);
}
