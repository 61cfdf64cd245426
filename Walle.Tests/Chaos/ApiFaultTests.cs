using NUnit.Framework;
using Walle.Tests.Chaos.Scenarios;

namespace Walle.Tests.Chaos;

/// <summary>An API server that is slow, busy, broken or forgetful delays a backup, and changes nothing else of it.</summary>
public sealed class ApiFaultTests : ClaimBackupTest
{
    /// <summary>How much more may be written: each answer that was not to be had may be asked for again.</summary>
    private const int Faults = 8;

    protected override string Kind => "api";

    protected override bool StrikesFromTheStart => true;

    [TestCaseSource(typeof(ApiFaults), nameof(ApiFaults.Cases))]
    public async Task Backup_ComesToTheSameEnd(string fault)
    {
        var run = await SurvivesAsync(fault, ApiFaults.Plan(fault), Faults);
        Assert.That(run.Trace, Is.Not.Empty, "the fault has struck");
    }
}
