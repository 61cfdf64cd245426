using NUnit.Framework;
using Walle.Tests.Chaos.Proxy;
using Walle.Tests.Chaos.Report;

namespace Walle.Tests.Chaos;

/// <summary>A scenario whose controller is killed at each call that has an effect, once before and once after it; and each answer is lost once.</summary>
public abstract class CrashMatrixTest : ChaosTest
{
    /// <summary>Set, the recordings are written anew.</summary>
    private const string RecordVariable = "TEST_RECORD";

    /// <summary>Without faults: all that it does is recorded, so that the points are those of today's controller.</summary>
    protected async Task IsAsRecordedAsync()
    {
        var run = await RunAsync(FaultPlan.None);
        var recording = new Recording([.. run.Calls.Select(effect => effect.Call.Kind)], run.End);
        if (Environment.GetEnvironmentVariable(RecordVariable) is not null)
            (Recording.Exists(Scenario) ? recording.With(Recording.Of(Scenario)) : recording).Save(Scenario);
        var recorded = Recording.Of(Scenario);
        Assert.That(run.End, Is.EqualTo(recorded.End), $"the end is another than recorded; if it should be: {RecordVariable}=1 make chaos");
        // The Lease of initialisations is the whole cluster's: what becomes of it depends on the other tests.
        Assert.That(run.Calls.Where(effect => effect.Call.Resource != "leases").Select(effect => effect.Call.Kind).Distinct(), Is.SubsetOf(recorded.Calls), $"it does something that is not recorded, and so no point; if it should: {RecordVariable}=1 make chaos");
    }

    private protected async Task SurvivesAsync(CrashPoint point)
    {
        var run = await SurvivesAsync(point.ToString(), point.Plan, faults: 1);
        // What is told in how many steps depends on how fast the cluster is: a step that did not come could not be the moment of a fault.
        if (run.Trace.Count == 0)
            Assert.Inconclusive($"this run had no {point.Call} number {point.Number}");
    }

    /// <summary>With these faults the scenario comes to the end that is recorded, and costs little more.</summary>
    private protected async Task<ChaosRun> SurvivesAsync(string name, FaultPlan plan, int faults)
    {
        var recorded = Recording.Of(Scenario);
        var result = new FaultResult(Kind, Scenario, name, Survived: false, Struck: false, 0, 0, "");
        try
        {
            var run = await RunAsync(plan);
            result = result with { Struck = run.Trace.Count > 0, Writes = run.Calls.Count, Seconds = Math.Round(run.Seconds, 1), Faults = string.Join("; ", run.Trace) };
            Assert.That(run.End, Is.EqualTo(recorded.End), "it came to another end");
            Invariants.WritesAreFew(run.Calls.Count, recorded.Calls.Count, faults);
            result = result with { Survived = true };
            return run;
        }
        finally
        {
            await ChaosReport.AddAsync(result);
        }
    }

    /// <summary>The chapter of the report that its results belong to.</summary>
    protected virtual string Kind => "crash";
}
