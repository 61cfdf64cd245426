using NUnit.Framework;
using Walle.Controller.Scheduling;
using Walle.Crds.V1;

namespace Walle.Tests.Scheduling;

/// <summary>The annotation ros.io/run-now. The schedule is hourly at :30, and it is 12:10:20.</summary>
internal sealed class RunNowTests
{
    private const string Asked = "2024-05-01T12:10:17Z";

    private static readonly TickInput Base = new()
    {
        Schedule = Cron.Schedule("30 * * * *"),
        Now = At("12:10:20"),
        Created = At("00:00:00"),
        LastScheduleTime = At("11:30:00"),
        RunNow = Asked,
    };

    [Test]
    public void NewValue_RunsOnce_NamedByTheMinuteThatItRoundsUpTo()
    {
        var decision = TickRule.Decide(Base);
        Assert.That(decision, Is.EqualTo(new TickDecision(Run("12:11:00"), At("11:30:00"), Asked, At("12:30:00"), At("12:30:00"))));
        Assert.That(TickRule.Decide(Base with { RunNowAnswered = decision.RunNowAnswered }).Action, Is.EqualTo(new TickAction.Wait()));
    }

    [Test]
    public void SameDecisionAfterACrash_HasTheSameTick() =>
        Assert.That(TickRule.Decide(Base with { Now = At("12:25:00"), ActiveTick = At("12:11:00") }).Action, Is.EqualTo(Run("12:11:00")));

    [Test]
    public void AnotherValue_RunsAgain() => Assert.That(TickRule.Decide(Base with { RunNowAnswered = "2024-05-01T10:00:00Z" }).Action, Is.EqualTo(Run("12:11:00")));

    [TestCase("2024-05-01T12:10:00Z", "12:10:00")]
    [TestCase("2024-05-01T14:10:00.5+02:00", "12:11:00")]
    [TestCase("2024-05-01T12:11:20Z", "12:12:00", TestName = "ClockOfWhoAsksAMinuteAhead")]
    [TestCase("2024-05-01T08:00:00Z", "08:00:00", TestName = "OldValue_RunsToo")]
    public void Times(string value, string tick) => Assert.That(TickRule.Decide(Base with { RunNow = value }).Action, Is.EqualTo(Run(tick)));

    [Test]
    public void RegularTickOfTheSameMinute_IsThisRun()
    {
        var input = Base with { Now = At("12:29:45"), RunNow = "2024-05-01T12:29:40Z" };
        var decision = TickRule.Decide(input);
        Assert.That(decision, Is.EqualTo(new TickDecision(Run("12:30:00"), At("12:30:00"), "2024-05-01T12:29:40Z", At("13:30:00"), At("13:30:00"))));
        Assert.That(TickRule.Decide(input with { Now = At("12:30:00"), LastScheduleTime = decision.LastScheduleTime, RunNowAnswered = decision.RunNowAnswered }).Action, Is.EqualTo(new TickAction.Wait()));
    }

    [Test]
    public void RegularTickThatIsDue_AnswersIt()
    {
        var decision = TickRule.Decide(Base with { Now = At("12:30:05") });
        Assert.That((decision.Action, decision.RunNowAnswered), Is.EqualTo(((TickAction)new TickAction.Run(At("12:30:00"), RunCause.OnTime, 0, false), Asked)));
    }

    [Test]
    public void TickPastItsDeadline_IsRecordedFirst_ThenItRuns()
    {
        var input = Base with { Now = At("12:50:00"), StartingDeadline = TimeSpan.FromMinutes(1) };
        var missed = TickRule.Decide(input);
        Assert.That((missed.Action, missed.RunNowAnswered, missed.WakeAt), Is.EqualTo(((TickAction)new TickAction.Missed(At("12:30:00"), 1, "not started within 60 s"), (string?)null, (DateTimeOffset?)At("12:50:00"))));
        Assert.That(TickRule.Decide(input with { LastScheduleTime = missed.LastScheduleTime }).Action, Is.EqualTo(Run("12:11:00")));
    }

    [Test]
    public void Suspended_RunsAllTheSame()
    {
        var decision = TickRule.Decide(Base with { Suspended = true });
        Assert.That((decision.Action, decision.NextTick, decision.WakeAt), Is.EqualTo(((TickAction)Run("12:11:00"), (DateTimeOffset?)null, (DateTimeOffset?)At("12:30:00"))));
    }

    [Test]
    public void RunUnderWay_ForbidWaits_ReplaceCancels_AllowDoesNeither()
    {
        var input = Base with { ActiveTick = At("11:30:00") };
        Assert.That(TickRule.Decide(input).Action, Is.EqualTo(new TickAction.Wait("the run before is still under way")));
        Assert.That(TickRule.Decide(input).RunNowAnswered, Is.Null, "it is still to be answered");
        Assert.That(TickRule.Decide(input with { ConcurrencyPolicy = ConcurrencyPolicy.Replace }).Action, Is.EqualTo(new TickAction.Run(At("12:11:00"), RunCause.RunNow, 0, true)));
        Assert.That(TickRule.Decide(input with { ConcurrencyPolicy = ConcurrencyPolicy.Allow }).Action, Is.EqualTo(Run("12:11:00")));
    }

    [Test]
    public void AskedAgainInTheSameMinute_IsARunOfItsOwn_SinceTheLastOneBeganBefore()
    {
        var first = (TickAction.Run)TickRule.Decide(Base with { RunNow = "2024-05-01T12:10:17Z" }).Action;
        var second = (TickAction.Run)TickRule.Decide(Base with { RunNow = "2024-05-01T12:10:19Z", RunNowAnswered = "2024-05-01T12:10:17Z", LastRunTick = first.Tick }).Action;
        Assert.That((first.Tick, second.Tick), Is.EqualTo((At("12:11:00"), At("12:12:00"))));
    }

    [TestCase("now", "is not a time; write the time now: $(date -u")]
    [TestCase("2024-05-01", "is not a time; write")]
    [TestCase("2024-05-01T12:10:17", "is not a time; write", TestName = "WithoutAZone_IsNotATime")]
    [TestCase("2024-05-01T25:10:17Z", "is not a time; write")]
    [TestCase("9999-12-31T23:59:59Z", "is not a time; write")]
    [TestCase("2024-05-01T12:12:00Z", "is in the future; write the time now: $(date -u")]
    public void WrongValue_IsTold_AndNothingRuns(string value, string problem)
    {
        var decision = TickRule.Decide(Base with { RunNow = value });
        Assert.That(decision.Action, Is.EqualTo(new TickAction.Wait()));
        Assert.That(decision.RunNowProblem, Does.StartWith($"ros.io/run-now: '{value}' {problem}"));
        Assert.That(decision.RunNowAnswered, Is.Null);
    }

    [Test]
    public void WrongValue_DoesNotStopTheSchedule() =>
        Assert.That(TickRule.Decide(Base with { Now = At("12:30:05"), RunNow = "now" }).Action, Is.EqualTo(new TickAction.Run(At("12:30:00"), RunCause.OnTime, 0, false)));

    private static DateTimeOffset At(string time) => Cron.Utc($"2024-05-01T{time}Z");

    private static TickAction.Run Run(string tick) => new(At(tick), RunCause.RunNow, 0, false);
}
