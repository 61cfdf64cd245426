using NUnit.Framework;
using Walle.Controller.Queue;

namespace Walle.Tests.Queue;

/// <summary>In meaning those of https://github.com/kubernetes/client-go/blob/master/util/workqueue/queue_test.go</summary>
internal sealed class WorkQueueTests
{
    private QueueFixture _fixture = null!;
    private WorkQueue<string> _queue = null!;

    [SetUp]
    public void SetUp()
    {
        _fixture = new QueueFixture();
        _queue = _fixture.WorkQueue();
    }

    [TearDown]
    public void TearDown()
    {
        _queue.Dispose();
        _fixture.Dispose();
    }

    [Test]
    public async Task Add_Twice_IsTakenOnce()
    {
        _queue.Add("a");
        _queue.Add("a");
        Assert.That(_queue.Count, Is.EqualTo(1));

        Assert.That(await Take(), Is.EqualTo("a"));
        Assert.That(_queue.Count, Is.Zero);
        _queue.Done("a");
        Assert.That(_queue.Count, Is.Zero);
    }

    [Test]
    public async Task Get_ManyItems_InTheOrderTheyWereAdded()
    {
        foreach (var item in new[] { "b", "a", "c", "a" })
            _queue.Add(item);

        Assert.That(new[] { await Take(), await Take(), await Take() }, Is.EqualTo(new[] { "b", "a", "c" }));
    }

    [Test]
    public async Task Add_WhileProcessing_RequeuesOnDone()
    {
        _queue.Add("a");
        await Take();

        _queue.Add("a");
        Assert.That(_queue.Count, Is.Zero, "no other worker may get it meanwhile");

        _queue.Done("a");
        Assert.That(_queue.Count, Is.EqualTo(1));
        Assert.That(await Take(), Is.EqualTo("a"));
        _queue.Done("a");
        Assert.That(_queue.Count, Is.Zero);
    }

    [Test]
    public async Task Add_ManyTimesWhileProcessing_CollapseIntoOne()
    {
        _queue.Add("a");
        await Take();
        for (var i = 0; i < 10; i++)
            _queue.Add("a");

        _queue.Done("a");
        Assert.That(_queue.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Add_AfterDone_IsTakenAgain()
    {
        _queue.Add("a");
        await Take();
        _queue.Done("a");

        _queue.Add("a");
        Assert.That(await Take(), Is.EqualTo("a"));
    }

    [Test]
    public async Task Add_WhileProcessing_LeavesOthersTheirTurn()
    {
        _queue.Add("a");
        await Take();
        _queue.Add("a");
        _queue.Add("b");
        _queue.Done("a");

        Assert.That(new[] { await Take(), await Take() }, Is.EqualTo(new[] { "b", "a" }));
    }

    [Test]
    public void Done_OfWhatWasNeverTaken_DoesNothing()
    {
        _queue.Done("a");
        _queue.Add("a");
        _queue.Done("a");
        Assert.That(_queue.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Get_BeforeAdd_WaitsForIt()
    {
        var waiting = Take();
        Assert.That(waiting.IsCompleted, Is.False);
        _queue.Add("a");
        Assert.That(await waiting, Is.EqualTo("a"));
    }

    [Test]
    public async Task Get_Cancelled_ThrowsAndTakesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        var waiting = _queue.GetAsync(cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());

        _queue.Add("a");
        Assert.That(await Take(), Is.EqualTo("a"));
    }

    [Test]
    public async Task ShutDown_WithItemsQueued_HandsThemOutThenEnds()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.ShutDown();
        _queue.Add("c");

        Assert.That(new[] { await Take(), await Take(), await Take() }, Is.EqualTo(new[] { "a", "b", null }));
    }

    [Test]
    public async Task ShutDown_EndsEveryWaiter()
    {
        var waiters = Enumerable.Range(0, 8).Select(_ => Take()).ToList();
        _queue.ShutDown();
        Assert.That(await Task.WhenAll(waiters), Is.All.Null);
    }

    [Test]
    public async Task ShutDown_ItemAddedAgainWhileProcessing_IsStillHandedOut()
    {
        _queue.Add("a");
        await Take();
        _queue.Add("a");
        _queue.ShutDown();
        _queue.Done("a");

        Assert.That(await Take(), Is.EqualTo("a"));
        _queue.Done("a");
        Assert.That(await Take(), Is.Null);
    }

    [Test]
    public async Task ShutDown_Twice_IsOnce()
    {
        _queue.ShutDown();
        _queue.ShutDown();
        Assert.That(await Take(), Is.Null);
    }

    /// <summary>No item with two workers at once, none lost: after the last Add of an item there is a Get of it.</summary>
    [Test, CancelAfter(30_000)]
    public async Task Hammer_ManyProducersAndWorkers_NeverTwiceAtOnceAndNoneLost(CancellationToken cancellationToken)
    {
        const int Items = 20, Producers = 4, Workers = 8, AddsEach = 20_000;
        var inWork = new int[Items];
        var added = new int[Items];
        var seen = new int[Items];
        var clashes = 0;

        var workers = Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            while (await Take() is { } item)
            {
                var index = int.Parse(item, null);
                if (Interlocked.Increment(ref inWork[index]) != 1)
                    Interlocked.Increment(ref clashes);
                Volatile.Write(ref seen[index], Volatile.Read(ref added[index]));
                if (index % 3 == 0)
                    await Task.Yield();
                Interlocked.Decrement(ref inWork[index]);
                _queue.Done(item);
            }
        }, cancellationToken)).ToList();
        await Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => Task.Run(() =>
        {
            var random = new Random(producer);
            for (var i = 0; i < AddsEach; i++)
            {
                var index = random.Next(Items);
                Interlocked.Increment(ref added[index]);
                _queue.Add(index.ToString((IFormatProvider?)null));
            }
        }, cancellationToken)));
        _queue.ShutDown();
        await Task.WhenAll(workers).WaitAsync(cancellationToken);

        Assert.That(clashes, Is.Zero);
        Assert.That(seen, Is.EqualTo(added), "the last worker to hold an item must have seen its last change");
    }

    private async Task<string?> Take()
    {
        var (taken, item) = await _queue.GetAsync(CancellationToken.None);
        return taken ? item : null;
    }
}
