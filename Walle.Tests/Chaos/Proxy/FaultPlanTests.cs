using NUnit.Framework;

namespace Walle.Tests.Chaos.Proxy;

/// <summary>A fault program strikes where it says, and a seed says all.</summary>
public sealed class FaultPlanTests
{
    private static readonly ApiCall Status = new("patch", "backupjobs/status", "shop", "first");
    private static readonly ApiCall Create = new("create", "jobs", "shop", null);

    [Test]
    public void NothingStrikes_BeforeItIsArmed_NorAfter()
    {
        var plan = new FaultPlan(0, new FaultRule("r", "writes", FaultAction.DropBefore) { Times = 9 });
        Assert.That(plan.Decide(Status), Is.Null);
        plan.Arm();
        Assert.That(plan.Decide(Status), Is.Not.Null);
        plan.Disarm();
        Assert.That(plan.Decide(Status), Is.Null);
    }

    [Test]
    public void Rule_StrikesTheCallsOfItsKind_FromItsNumberOn_AsOftenAsItSays()
    {
        var plan = new FaultPlan(0, new FaultRule("r", "patch backupjobs/status", FaultAction.KillBefore) { From = 2, Times = 2 });
        plan.Arm();
        var struck = Enumerable.Range(0, 5).Select(_ => (plan.Decide(Create), plan.Decide(Status))).ToList();
        Assert.That(struck.Select(pair => pair.Item1), Is.All.Null);
        Assert.That(struck.Select(pair => pair.Item2 is not null), Is.EqualTo(new[] { false, true, true, false, false }));
        Assert.That(plan.Trace, Has.Count.EqualTo(2));
    }

    [Test]
    public void SameSeed_StrikesTheSameCalls_AndAnotherOneOthers()
    {
        var (first, second) = (Struck(7), Struck(7));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(Struck(8), Is.Not.EqualTo(first));
        Assert.That(first.Count(strikes => strikes), Is.InRange(60, 140), "half of 200, by lot");
    }

    [Test]
    public void RandomPlan_IsTheSameForTheSameSeed()
    {
        foreach (var seed in Enumerable.Range(1, 50))
        {
            var (first, second) = (Traced(seed), Traced(seed));
            Assert.That(second, Is.EqualTo(first));
        }
    }

    private static List<bool> Struck(int seed)
    {
        var plan = new FaultPlan(seed, new FaultRule("r", "writes", FaultAction.DropAfter) { Times = 1000, Probability = 0.5 });
        plan.Arm();
        return [.. Enumerable.Range(0, 200).Select(_ => plan.Decide(Status) is not null)];
    }

    private static IReadOnlyList<string> Traced(int seed)
    {
        var plan = ApiFaults.Random(seed);
        plan.Arm();
        foreach (var call in Enumerable.Range(0, 60).SelectMany(_ => new[] { Status, Create, new ApiCall("watch", "pods", "shop", null), new ApiCall("list", "jobs", "shop", null) }))
            plan.Decide(call);
        return plan.Trace;
    }
}
