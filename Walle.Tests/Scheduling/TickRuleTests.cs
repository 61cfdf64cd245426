using NUnit.Framework;
using Walle.Controller.Scheduling;
using Walle.Crds.V1;

namespace Walle.Tests.Scheduling;

/// <summary>Each rule of <see cref="TickRule"/>. The schedule is hourly at :30 unless a test says otherwise.</summary>
internal sealed class TickRuleTests
{
    private static readonly TickInput Base = new()
    {
        Schedule = Cron.Schedule("30 * * * *"),
        Now = At("12:30:05"),
        Created = At("00:00:00"),
        LastScheduleTime = At("11:30:00"),
    };

    [Test]
    public void Due_Runs() =>
        Assert.That(TickRule.Decide(Base), Is.EqualTo(new TickDecision(Run("12:30", RunCause.OnTime), At("12:30:00"), null, At("13:30:00"), At("13:30:00"))));

    [Test]
    public void NotDue_WaitsForTheNext() =>
        Assert.That(TickRule.Decide(Base with { Now = At("12:29:59") }), Is.EqualTo(new TickDecision(new TickAction.Wait(), At("11:30:00"), null, At("12:30:00"), At("12:30:00"))));

    [Test]
    public void AskedAgainAfterTheRun_DoesNothing() =>
        Assert.That(TickRule.Decide(Base with { LastScheduleTime = At("12:30:00") }).Action, Is.EqualTo(new TickAction.Wait()));

    [Test]
    public void NeverRan_BeginsWithItsCreation()
    {
        Assert.That(TickRule.Decide(Base with { LastScheduleTime = null, Created = At("12:30:01") }).Action, Is.EqualTo(new TickAction.Wait()), "the tick was before");
        Assert.That(TickRule.Decide(Base with { LastScheduleTime = null, Created = At("12:10:00") }).Action, Is.EqualTo(Run("12:30", RunCause.OnTime)));
    }

    [TestCase("12:31:00", "11:30:00", "12:30", 0, TestName = "LateByAMinute_IsCatchUp")]
    [TestCase("12:30:05", "09:30:00", "12:30", 2, TestName = "SeveralMissed_RunOnce_TheLast")]
    [TestCase("18:00:00", "09:30:00", "17:30", 7, TestName = "AfterDowntime_RunOnce_TheLast")]
    public void CatchUp(string now, string last, string tick, int missed) =>
        Assert.That(TickRule.Decide(Base with { Now = At(now), LastScheduleTime = At(last) }).Action, Is.EqualTo(Run(tick, RunCause.CatchUp, missed)));

    [Test]
    public void MissedCount_IsBounded() =>
        Assert.That(TickRule.Decide(Base with { Schedule = Cron.Schedule("* * * * *"), LastScheduleTime = At("00:00:00").AddYears(-1) }).Action, Is.EqualTo(Run("12:30", RunCause.CatchUp, 100)));

    [TestCase("12:40:00", false, TestName = "AtTheDeadline_Runs")]
    [TestCase("12:40:01", true, TestName = "PastTheDeadline_IsMissed")]
    public void Deadline(string now, bool missed)
    {
        var decision = TickRule.Decide(Base with { Now = At(now), LastScheduleTime = At("10:30:00"), StartingDeadline = TimeSpan.FromMinutes(10) });
        Assert.That(decision.Action, Is.EqualTo(missed ? (TickAction)new TickAction.Missed(At("12:30:00"), 2, "not started within 600 s") : Run("12:30", RunCause.CatchUp, 1)));
        Assert.That((decision.LastScheduleTime, decision.WakeAt), Is.EqualTo((At("12:30:00"), At("13:30:00"))), "either way it is over");
    }

    [Test]
    public void Forbid_WaitsForTheRunUnderWay_ThenRunsTheLastTickOnly([Values(null, ConcurrencyPolicy.Forbid)] string? policy)
    {
        var input = Base with { ConcurrencyPolicy = policy, ActiveTick = At("11:30:00") };
        var blocked = TickRule.Decide(input);
        Assert.That(blocked, Is.EqualTo(new TickDecision(new TickAction.Wait("the run before is still under way"), At("11:30:00"), null, At("13:30:00"), At("13:30:00"))));
        Assert.That(TickRule.Decide(input with { Now = At("14:00:00"), ActiveTick = null }).Action, Is.EqualTo(Run("13:30", RunCause.CatchUp, 1)));
    }

    [Test]
    public void Forbid_WithADeadline_IsAskedAgainWhenItEnds_AndSaysWhy()
    {
        var input = Base with { ActiveTick = At("11:30:00"), StartingDeadline = TimeSpan.FromMinutes(10) };
        Assert.That(TickRule.Decide(input).WakeAt, Is.EqualTo(At("12:40:01")));
        Assert.That(TickRule.Decide(input with { Now = At("12:40:01") }).Action, Is.EqualTo(new TickAction.Missed(At("12:30:00"), 1, "not started within 600 s, as the run before is still under way")));
    }

    [Test]
    public void RunCutShortByACrash_IsMadeWhole_AndDoesNotWaitForItself([Values] bool replace)
    {
        var policy = replace ? ConcurrencyPolicy.Replace : ConcurrencyPolicy.Forbid;
        Assert.That(TickRule.Decide(Base with { ActiveTick = At("12:30:00"), ConcurrencyPolicy = policy }).Action, Is.EqualTo(Run("12:30", RunCause.OnTime)));
    }

    [Test]
    public void Replace_CancelsTheRunUnderWay_AndAllowDoesNot()
    {
        var input = Base with { ActiveTick = At("11:30:00") };
        Assert.That(TickRule.Decide(input with { ConcurrencyPolicy = ConcurrencyPolicy.Replace }).Action, Is.EqualTo(Run("12:30", RunCause.OnTime, cancelActive: true)));
        Assert.That(TickRule.Decide(input with { ConcurrencyPolicy = ConcurrencyPolicy.Allow }).Action, Is.EqualTo(Run("12:30", RunCause.OnTime)));
        Assert.That(TickRule.Decide(Base with { ConcurrencyPolicy = ConcurrencyPolicy.Replace }).Action, Is.EqualTo(Run("12:30", RunCause.OnTime)), "there is none");
    }

    [Test]
    public void Suspended_LetsTicksPass_AndNoneIsMadeUpForAfterwards()
    {
        var decision = TickRule.Decide(Base with { Suspended = true });
        Assert.That(decision, Is.EqualTo(new TickDecision(new TickAction.Wait(), At("12:30:00"), null, null, At("13:30:00"))));
        Assert.That(TickRule.Decide(Base with { Now = At("13:00:00"), LastScheduleTime = decision.LastScheduleTime }).Action, Is.EqualTo(new TickAction.Wait()));
    }

    [Test]
    public void ClockThatWentBack_RunsNoTickTwice()
    {
        var decision = TickRule.Decide(Base with { Now = At("09:30:05"), LastScheduleTime = At("12:30:00") });
        Assert.That((decision.Action, decision.LastScheduleTime, decision.NextTick), Is.EqualTo(((TickAction)new TickAction.Wait(), (DateTimeOffset?)At("12:30:00"), (DateTimeOffset?)At("13:30:00"))));
        Assert.That(decision.ClockProblem, Does.Contain("a clock is wrong").And.Contain("2024-05-01 12:30:00Z"));
        var little = TickRule.Decide(Base with { Now = At("12:27:00"), LastScheduleTime = At("12:30:00") });
        Assert.That((little.Action, little.LastScheduleTime, little.NextTick), Is.EqualTo(((TickAction)new TickAction.Wait(), (DateTimeOffset?)At("12:30:00"), (DateTimeOffset?)At("13:30:00"))));
        Assert.That(little.ClockProblem, Is.Null, "a little is not worth telling");
    }

    [Test]
    public void LastTickFromAWrongClock_IsGivenUp()
    {
        var decision = TickRule.Decide(Base with { LastScheduleTime = At("12:30:00").AddYears(14) });
        Assert.That((decision.Action, decision.LastScheduleTime, decision.NextTick), Is.EqualTo(((TickAction)new TickAction.Wait(), (DateTimeOffset?)At("12:30:05"), (DateTimeOffset?)At("13:30:00"))));
        Assert.That(decision.ClockProblem, Does.Contain("goes on from now"));
    }

    private static DateTimeOffset At(string time) => Cron.Utc($"2024-05-01T{time}Z");

    private static TickAction.Run Run(string tick, RunCause cause, int missed = 0, bool cancelActive = false) => new(At(tick + ":00"), cause, missed, cancelActive);
}
