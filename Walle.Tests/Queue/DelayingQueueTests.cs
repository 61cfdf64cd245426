using NUnit.Framework;
using Walle.Controller.Queue;

namespace Walle.Tests.Queue;

/// <summary>In meaning those of https://github.com/kubernetes/client-go/blob/master/util/workqueue/delaying_queue_test.go</summary>
internal sealed class DelayingQueueTests
{
    private QueueFixture _fixture = null!;
    private WorkQueue<string> _ready = null!;
    private DelayingQueue<string> _queue = null!;

    [SetUp]
    public void SetUp()
    {
        _fixture = new QueueFixture();
        _ready = _fixture.WorkQueue();
        _queue = _fixture.Delaying(_ready);
    }

    [TearDown]
    public void TearDown()
    {
        _queue.Dispose();
        _ready.Dispose();
        _fixture.Dispose();
    }

    [Test]
    public void AddAfter_IsReadyThenAndNotBefore()
    {
        _queue.AddAfter("a", TimeSpan.FromMilliseconds(50));
        Advance(49);
        Assert.That(_ready.Count, Is.Zero);
        Advance(1);
        Assert.That((_ready.Count, _queue.WaitingCount), Is.EqualTo((1, 0)));
    }

    [TestCase(0)]
    [TestCase(-5)]
    public void AddAfter_NoDelay_IsReadyAtOnce(int milliseconds)
    {
        _queue.AddAfter("a", TimeSpan.FromMilliseconds(milliseconds));
        Assert.That(_ready.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task AddAfter_TwiceTheSecondEarlier_FiresOnceAtTheEarlier()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        _queue.AddAfter("a", TimeSpan.FromMilliseconds(50));
        Advance(50);
        Assert.That(_ready.Count, Is.EqualTo(1));
        await TakeAndDone();

        Advance(2_000);
        Assert.That((_ready.Count, _queue.WaitingCount), Is.EqualTo((0, 0)), "the later one was replaced");
    }

    [Test]
    public async Task AddAfter_TwiceTheSecondLater_FiresOnceAtTheEarlier()
    {
        _queue.AddAfter("a", TimeSpan.FromMilliseconds(50));
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        Advance(50);
        Assert.That(_ready.Count, Is.EqualTo(1));
        await TakeAndDone();

        Advance(2_000);
        Assert.That(_ready.Count, Is.Zero);
    }

    [Test]
    public async Task AddAfter_ReadyItem_CanBeDelayedAgain()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        Advance(1_000);
        await TakeAndDone();
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        Advance(1_000);
        Assert.That(_ready.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task AddAfter_ManyItems_BecomeReadyByTime()
    {
        _queue.AddAfter("third", TimeSpan.FromSeconds(3));
        _queue.AddAfter("first", TimeSpan.FromSeconds(1));
        _queue.AddAfter("second", TimeSpan.FromSeconds(2));
        Advance(10_000);
        Assert.That(new[] { await TakeAndDone(), await TakeAndDone(), await TakeAndDone() }, Is.EqualTo(new[] { "first", "second", "third" }));
    }

    [Test]
    public void AddAfter_EachOfManyWhileOthersWait_FiresAtItsOwnTime()
    {
        for (var i = 1; i <= 100; i++)
            _queue.AddAfter($"item-{i}", TimeSpan.FromSeconds(i));
        for (var i = 1; i <= 100; i++)
        {
            Advance(1_000);
            Assert.That(_ready.Count, Is.EqualTo(i));
        }
    }

    [Test]
    public void AddAfter_LongerThanATimerCanBe_IsKept()
    {
        _queue.AddAfter("never", TimeSpan.MaxValue);
        _queue.AddAfter("in 60 days", TimeSpan.FromDays(60));
        for (var day = 0; day < 60; day++)
            _fixture.Time.Advance(TimeSpan.FromDays(1));
        Assert.That((_ready.Count, _queue.WaitingCount), Is.EqualTo((1, 1)));
    }

    [Test]
    public void AddAfter_ShorterThanTheTimerCounts_IsNotEarly()
    {
        _queue.AddAfter("a", TimeSpan.FromTicks(1));
        Assert.That(_ready.Count, Is.Zero);
        Advance(1);
        Assert.That(_ready.Count, Is.EqualTo(1));
    }

    [Test]
    public void ShutDown_DropsWhatWaits()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        _queue.ShutDown();
        _queue.AddAfter("b", TimeSpan.FromSeconds(1));
        Advance(5_000);
        Assert.That((_ready.Count, _queue.WaitingCount), Is.EqualTo((0, 0)));
    }

    /// <summary>The clock on the wall may jump; delays are counted on the monotonic one.</summary>
    [Test]
    public void AddAfter_IdleForLong_StillCountsFromNow()
    {
        _fixture.Time.Advance(TimeSpan.FromDays(400));
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        Assert.That(_ready.Count, Is.Zero);
        Advance(1_000);
        Assert.That(_ready.Count, Is.EqualTo(1));
    }

    private void Advance(int milliseconds) => _fixture.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private async Task<string> TakeAndDone()
    {
        var (_, item) = await _ready.GetAsync(CancellationToken.None);
        _ready.Done(item);
        return item;
    }
}
