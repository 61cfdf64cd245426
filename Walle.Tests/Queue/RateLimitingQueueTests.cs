using NUnit.Framework;
using Walle.Controller.Queue;

namespace Walle.Tests.Queue;

/// <summary>In meaning those of https://github.com/kubernetes/client-go/blob/master/util/workqueue/rate_limiting_queue_test.go</summary>
internal sealed class RateLimitingQueueTests
{
    private QueueFixture _fixture = null!;
    private RateLimitingQueue<string> _queue = null!;

    [SetUp]
    public void SetUp()
    {
        _fixture = new QueueFixture();
        _queue = _fixture.RateLimiting();
    }

    [TearDown]
    public void TearDown()
    {
        _queue.Dispose();
        _fixture.Dispose();
    }

    [Test]
    public async Task AddRateLimited_EachFailure_WaitsTwiceAsLong()
    {
        foreach (var milliseconds in new[] { 50, 100, 200, 400 })
        {
            _queue.AddRateLimited("a");
            Advance(milliseconds - 1);
            Assert.That(_queue.Count, Is.Zero);
            Advance(1);
            Assert.That(_queue.Count, Is.EqualTo(1));
            await TakeAndDone();
        }

        Assert.That(_queue.NumRequeues("a"), Is.EqualTo(4));
        _queue.Forget("a");
        Assert.That(_queue.NumRequeues("a"), Is.Zero);
    }

    [Test]
    public async Task AddRateLimited_AnHourOfFailures_IsRetriedEachMinute()
    {
        for (var i = 0; i < 20; i++)
        {
            _queue.AddRateLimited("a");
            Advance(60_000);
            await TakeAndDone();
        }
    }

    [Test]
    public void Add_WhileBackedOff_IsReadyAtOnce()
    {
        _queue.AddRateLimited("a");
        _queue.Add("a");
        Assert.That(_queue.Count, Is.EqualTo(1), "an event is never slowed down by earlier failures");
    }

    [Test]
    public void AddRateLimited_ManyItemsAtOnce_ShareTheBucket()
    {
        using var queue = _fixture.RateLimiting(new RateLimitingQueueOptions { RetriesPerSecond = 10, RetryBurst = 5 });
        for (var i = 0; i < 25; i++)
            queue.AddRateLimited($"item-{i}");

        Advance(50);
        Assert.That(queue.Count, Is.EqualTo(5), "the burst, each after its own back-off");
        Advance(950);
        Assert.That(queue.Count, Is.EqualTo(15));
        Advance(1_000);
        Assert.That(queue.Count, Is.EqualTo(25));
    }

    [Test]
    public void Add_ManyItems_UseNoTokens()
    {
        using var queue = _fixture.RateLimiting(new RateLimitingQueueOptions { RetriesPerSecond = 1, RetryBurst = 1 });
        for (var i = 0; i < 1_000; i++)
            queue.Add($"item-{i}");
        queue.AddRateLimited("failed");
        Advance(50);
        Assert.That(queue.Count, Is.EqualTo(1_001));
    }

    [Test]
    public async Task ShutDown_DropsTheDelayedAndDrainsTheReady()
    {
        _queue.Add("ready");
        _queue.AddRateLimited("failed");
        _queue.AddAfter("later", TimeSpan.FromSeconds(1));
        _queue.ShutDown();
        Advance(5_000);

        Assert.That(await TakeAndDone(), Is.EqualTo("ready"));
        Assert.That((await _queue.GetAsync(CancellationToken.None)).Taken, Is.False);
    }

    private void Advance(int milliseconds) => _fixture.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private async Task<string> TakeAndDone()
    {
        Assert.That(_queue.Count, Is.Not.Zero);
        var (_, item) = await _queue.GetAsync(CancellationToken.None);
        _queue.Done(item);
        return item;
    }
}
