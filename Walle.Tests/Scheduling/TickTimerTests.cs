using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Queue;
using Walle.Controller.Scheduling;
using Walle.Tests.Queue;

namespace Walle.Tests.Scheduling;

internal sealed class TickTimerTests
{
    private readonly SteppedTime _time = new();
    private readonly List<string> _due = [];
    private TickTimer<string> _timer = null!;

    [SetUp]
    public void SetUp() => _timer = new TickTimer<string>(_time, _due.Add);

    [TearDown]
    public void TearDown() => _timer.Dispose();

    [Test]
    public void Due_IsCalledThenAndNotBefore_InOrder()
    {
        Set("b", 20);
        Set("a", 10);
        Advance(9.999);
        Assert.That(_due, Is.Empty);
        Advance(0.001);
        Assert.That(_due, Is.EqualTo(new[] { "a" }));
        Advance(10);
        Assert.That((string.Join(',', _due), _timer.Count), Is.EqualTo(("a,b", 0)));
    }

    [TestCase(5, TestName = "SetAgain_Earlier")]
    [TestCase(500, TestName = "SetAgain_Later")]
    public void SetAgain_ReplacesTheTime(double seconds)
    {
        Set("a", 50);
        Set("a", seconds);
        Advance(seconds - 0.001);
        Assert.That(_due, Is.Empty);
        Advance(0.001);
        Advance(1_000);
        Assert.That(_due, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Removed_IsNotCalled()
    {
        Set("a", 10);
        _timer.Remove("a");
        _timer.Remove("unknown");
        Advance(100);
        Assert.That((_due.Count, _timer.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void TimeInThePast_IsCalledAtOnce()
    {
        Set("a", -3600);
        Advance(0.001);
        Assert.That(_due, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void CallMaySetAgain()
    {
        TickTimer<string>? own = null;
        own = new TickTimer<string>(_time, key =>
        {
            _due.Add(key);
            own!.Set(key, _time.GetUtcNow().AddHours(1));
        });
        own.Set("a", _time.GetUtcNow().AddHours(1));
        for (var i = 0; i < 3; i++)
            Advance(3600);
        own.Dispose();
        Assert.That(_due, Has.Count.EqualTo(3));
    }

    [Test]
    public void ClockSetForward_IsNoticedWithinHalfAMinute()
    {
        Set("a", 3600);
        Advance(10);
        _time.Step(TimeSpan.FromHours(1));
        Advance(30);
        Assert.That(_due, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void ClockSetBack_CallsNothingEarly()
    {
        Set("a", 3600);
        _time.Step(TimeSpan.FromHours(-1));
        Advance(3600);
        Assert.That(_due, Is.Empty);
        Advance(3600);
        Assert.That(_due, Is.EqualTo(new[] { "a" }));
    }

    /// <summary>Why this timer exists beside the queue's own.</summary>
    [Test]
    public void DelaysOfTheWorkQueue_DoNotFollowTheClock()
    {
        using var fixture = new QueueFixture();
        using var ready = fixture.WorkQueue();
        using var delaying = new DelayingQueue<string>(ready, _time);
        delaying.AddAfter("a", TimeSpan.FromHours(1));
        _time.Step(TimeSpan.FromHours(1));
        Advance(60);
        Assert.That(ready.Count, Is.Zero);
    }

    [Test]
    public void ManyReplacedTimes_LeaveNothingBehind()
    {
        for (var i = 0; i < 100_000; i++)
            Set("a", 100_000 - (i % 1_000));
        Assert.That(_timer.WaitingEntries, Is.LessThan(100));
    }

    private void Set(string key, double seconds) => _timer.Set(key, _time.GetUtcNow().AddSeconds(seconds));

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>A clock on the wall that can be set, which neither timers nor timestamps notice.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private readonly FakeTimeProvider _elapsed = new();
        private TimeSpan _step;

        public override long TimestampFrequency => _elapsed.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => _elapsed.GetUtcNow() + _step;

        public override long GetTimestamp() => _elapsed.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _elapsed.CreateTimer(callback, state, dueTime, period);

        public void Step(TimeSpan by) => _step += by;

        public void Advance(TimeSpan by) => _elapsed.Advance(by);
    }
}
