using NUnit.Framework;
using Walle.Controller.Informers;

namespace Walle.Tests.Informers;

/// <summary>
/// client-go's tests of its reflector and shared informer, ported by meaning; the name of the original stands in each summary.
/// https://github.com/kubernetes/client-go/tree/master/tools/cache
/// </summary>
[TestFixture]
public sealed class InformerConformanceTests
{
    private readonly InformerHarness _informer = new();

    private FakeListerWatcher Server => _informer.Server;

    [TearDown]
    public async Task StopAsync() => await _informer.DisposeAsync();

    [Test]
    public async Task List_SeveralPages_AreOneReplacement()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
            Server.Apply(name);
        _informer.Start();
        await _informer.ExpectAsync("list 2", "list 2 2", "list 2 4", "watch 105");
        await _informer.Informer.WaitForSyncAsync(CancellationToken.None);
        _informer.AssertStoreEqualsServer();
        Assert.That(_informer.Changes.Lines, Is.EqualTo(new[] { "+a", "+b", "+c", "+d", "+e" }));
    }

    /// <summary>TestReflectorFullListIfExpired, TestSharedInformerWatchDisruption, TestDeltaFIFO_ReplaceMakesDeletions.</summary>
    [TestCase(true, TestName = "Watch_GoneInStream_RelistsAndRaisesTombstones")]
    [TestCase(false, TestName = "Watch_GoneAtOpening_RelistsAndRaisesTombstones")]
    public async Task Watch_Gone(bool inStream)
    {
        foreach (var name in new[] { "changed", "deleted", "kept" })
            Server.Apply(name);
        await _informer.StartWatchingAsync();
        Server.LoseEvents(3);
        Server.Delete("deleted");
        Server.Apply("changed");
        Server.Apply("added");
        Server.Compact();
        Server.EndWatch(inStream ? ListWatchFailure.Expired : ListWatchFailure.Closed);
        if (!inStream)
            await _informer.ExpectAsync("watch 103");
        await _informer.Time.PassDelayAsync();
        await _informer.ExpectAsync("list 2", "list 2 2", "watch 107");
        await _informer.FlushAsync("end");
        Assert.That(_informer.Changes.Lines.Skip(3), Is.EquivalentTo(new[] { "~changed", "-deleted", "+added", "+end" }));
        _informer.AssertStoreEqualsServer();
    }

    /// <summary>TestBackoffOnTooManyRequests, TestNoRelistOnTooManyRequests.</summary>
    [Test]
    public async Task Watch_Throttled_WaitsAsToldAndDoesNotRelist()
    {
        Server.FailWatch(ListWatchFailure.Throttled, TimeSpan.FromSeconds(17));
        Server.FailWatch(ListWatchFailure.Throttled);
        _informer.Start();
        await _informer.ExpectAsync("list 2", "watch 100");
        Assert.That(await _informer.Time.PassDelayAsync(), Is.EqualTo(TimeSpan.FromSeconds(17)));
        await _informer.ExpectAsync("watch 100");
        Assert.That(await _informer.Time.PassDelayAsync(), Is.InRange(TimeSpan.FromSeconds(1.6), TimeSpan.FromSeconds(3.2)));
        await _informer.ExpectAsync("watch 100");
        await _informer.FlushAsync("end");
        Assert.That(Server.HasNoRequest);
    }

    /// <summary>TestRetryInternalError, TestReflectorHandleWatchResultChanClosedAfter.</summary>
    [TestCase(ListWatchFailure.Transient)]
    [TestCase(ListWatchFailure.Throttled)]
    public async Task Watch_FailsInStream_ResumesAtTheLastEvent(object failure)
    {
        await _informer.StartWatchingAsync();
        await _informer.FlushAsync("first");
        Server.EndWatch((ListWatchFailure)failure);
        Server.Apply("meanwhile");
        await _informer.Time.PassDelayAsync();
        await _informer.ExpectAsync("watch 101");
        await _informer.Changes.WaitForAsync("+meanwhile");
        _informer.AssertStoreEqualsServer();
    }

    /// <summary>TestReflectorHandleWatchResultChanClosedBefore: a watch that brought nothing and ended is not a failure.</summary>
    [Test]
    public async Task Watch_EndsQuietlyAfterAWhile_IsReopenedAtOnce()
    {
        await _informer.StartWatchingAsync();
        _informer.Time.Advance(TimeSpan.FromSeconds(200));
        Server.EndWatch();
        await _informer.ExpectAsync("watch 100");
        Assert.That(_informer.Time.HasNoDelay);
    }

    [Test]
    public async Task Watch_EndsAgainAndAgainAtOnce_BacksOffUpToHalfAMinuteAndRecoversWhenHealthy()
    {
        _informer.Start();
        await _informer.ExpectAsync("list 2");
        var first = TimeSpan.FromSeconds(0.8);
        foreach (var seconds in new[] { 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30 })
        {
            await _informer.ExpectAsync("watch 100");
            Server.EndWatch();
            Assert.That(await _informer.Time.PassDelayAsync(), Is.InRange(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(2 * seconds)));
        }
        await _informer.ExpectAsync("watch 100");
        _informer.Time.Advance(TimeSpan.FromSeconds(200));
        Server.EndWatch(ListWatchFailure.Transient);
        Assert.That(await _informer.Time.PassDelayAsync(), Is.InRange(first, 2 * first));
    }

    /// <summary>client-go's VeryShortWatchError is for watches without an event; behind a proxy that cuts often, a back-off would make the store late.</summary>
    [Test]
    public async Task Watch_EndsAtEveryEvent_IsReopenedAtOnceEachTime()
    {
        await _informer.StartWatchingAsync();
        for (var version = 101; version < 120; version++)
        {
            Server.Apply($"claim-{version}");
            Server.EndWatch();
            await _informer.ExpectAsync($"watch {version}");
            Assert.That(_informer.Time.HasNoDelay);
        }
    }

    /// <summary>A server that tells the same event at each watch and ends it must not be asked in a hot loop.</summary>
    [Test]
    public async Task Watch_BringsTheSameEventAgainAndEnds_BacksOff()
    {
        await _informer.StartWatchingAsync();
        await _informer.FlushAsync("first");
        Server.EndWatch();
        await _informer.ExpectAsync("watch 101");
        Server.RepeatLastEvent();
        Server.EndWatch();
        Assert.That(await _informer.Time.PassDelayAsync(), Is.GreaterThan(TimeSpan.Zero));
        await _informer.ExpectAsync("watch 101");
    }

    /// <summary>TestWatchTimeout; a connection that is dead without a word.</summary>
    [Test]
    public async Task Watch_NeverEnds_IsEndedByTheWatchdogAndResumed()
    {
        await _informer.StartWatchingAsync();
        await _informer.FlushAsync("first");
        var dead = InformerHarness.Options.LongestWatch + InformerHarness.Options.IdleMargin;
        _informer.Time.Advance(dead);
        await _informer.ExpectAsync("watch 101");
        Assert.That(_informer.Time.HasNoDelay);
        Server.Apply("second");
        await _informer.Changes.WaitForAsync("+second");
    }

    /// <summary>TestReflectorResourceVersionUpdate.</summary>
    [Test]
    public async Task Bookmark_MovesTheResumePointAndNothingElse()
    {
        await _informer.StartWatchingAsync();
        Server.Bookmark();
        Server.EndWatch(ListWatchFailure.Transient);
        await _informer.Time.PassDelayAsync();
        await _informer.ExpectAsync("watch 110");
        Assert.That(_informer.Changes.Lines, Is.Empty);
        Assert.That(_informer.Informer.Count, Is.Zero);
    }

    /// <summary>Kubernetes' storage restored from a backup: the server has nothing to send to a watch from its future.</summary>
    [Test]
    public async Task Watch_SilentTwiceToItsTimeout_Relists()
    {
        Server.Apply("lost");
        await _informer.StartWatchingAsync();
        Server.Restore(50);
        for (var i = 0; i < 2; i++)
        {
            _informer.Time.Advance(InformerHarness.Options.LongestWatch + InformerHarness.Options.IdleMargin);
            await _informer.ExpectAsync(i == 0 ? "watch 101" : "list 2");
        }
        await _informer.ExpectAsync("watch 50");
        await _informer.Changes.WaitForAsync("-lost");
    }

    [Test]
    public async Task Bookmark_OfAnOlderVersion_Relists()
    {
        Server.Apply("lost");
        await _informer.StartWatchingAsync();
        Server.Restore(50);
        Server.Bookmark();
        await _informer.Time.PassDelayAsync();
        await _informer.ExpectAsync("list 2", "watch 60");
        await _informer.Changes.WaitForAsync("-lost");
    }

    [Test]
    public async Task Event_Repeated_RaisesNothing()
    {
        await _informer.StartWatchingAsync();
        await _informer.FlushAsync("a");
        Server.RepeatLastEvent();
        Server.RepeatLastEvent();
        await _informer.FlushAsync("end");
        Assert.That(_informer.Changes.Lines, Is.EqualTo(new[] { "+a", "+end" }));
    }

    [Test]
    public async Task Event_OldOneReplayed_LeadsToTheServersStateAgain()
    {
        await _informer.StartWatchingAsync();
        var first = Server.Apply("a");
        Server.Delete("a");
        await _informer.Changes.WaitForAsync("-a");
        Server.SendRaw(new(WatchEventKind.Applied, first, "101"));
        await _informer.Time.PassDelayAsync();
        await _informer.ExpectAsync("list 2", "watch 102");
        Assert.That(_informer.Informer.Count, Is.Zero);
    }

    [Test]
    public async Task Event_Undecodable_RelistsAfterBackoff()
    {
        await _informer.StartWatchingAsync();
        Server.LoseEvents(1);
        Server.Apply("unreadable");
        Server.EndWatch(ListWatchFailure.Undecodable);
        await _informer.Time.PassDelayAsync();
        await _informer.ExpectAsync("list 2", "watch 101");
        await _informer.Changes.WaitForAsync("+unreadable");
    }

    [Test]
    public async Task List_ExpiresBetweenPages_IsReadAgainInOnePiece()
    {
        foreach (var name in new[] { "a", "b", "c" })
            Server.Apply(name);
        Server.FailLists(ListWatchFailure.Transient, ListWatchFailure.Transient);
        _informer.Start();
        await _informer.ExpectAsync("list 2");
        await _informer.Time.PassDelayAsync();
        await _informer.ExpectAsync("list 2");
        await _informer.Time.NextDelayAsync();
        _informer.Time.Advance(TimeSpan.FromSeconds(60));
        await _informer.ExpectAsync("list 2", "list 2 2", "watch 103");
        Server.FailLists(ListWatchFailure.Expired);
        Server.Compact();
        Server.EndWatch(ListWatchFailure.Expired);
        await _informer.Time.PassDelayAsync();
        await _informer.ExpectAsync("list 2");
        await _informer.Time.PassDelayAsync();
        await _informer.ExpectAsync("list", "watch 104");
        _informer.AssertStoreEqualsServer();
    }

    [Test]
    public async Task List_NotServed_CountsAsSyncedAndIsPickedUpWhenInstalled()
    {
        Server.IsServed = false;
        _informer.Start();
        await _informer.Informer.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(_informer.Informer.IsAbsent);
        Assert.That(await _informer.Time.NextDelayAsync(), Is.GreaterThanOrEqualTo(InformerHarness.Options.FirstLongDelay));
        Server.IsServed = true;
        Server.Apply("first");
        _informer.Time.Advance(TimeSpan.FromMinutes(3));
        await _informer.Changes.WaitForAsync("+first");
        Assert.That(_informer.Informer.IsAbsent, Is.False);
    }

    [Test]
    public async Task List_NotServedAnyMore_IsBelievedTheThirdTime()
    {
        Server.Apply("a");
        await _informer.StartWatchingAsync();
        Server.IsServed = false;
        Server.EndWatch(ListWatchFailure.NotServed);
        for (var refusals = 0; refusals < ReflectorTransitions.RefusalsToBelieve; refusals++)
        {
            Assert.That(_informer.Informer.Count, Is.EqualTo(1));
            await _informer.Time.PassDelayAsync();
            await _informer.ExpectAsync("list 2");
        }
        await _informer.Changes.WaitForAsync("-a");
        Assert.That(_informer.Informer.IsAbsent);
    }

    [Test]
    public async Task List_Forbidden_WaitsLongAndKeepsWhatIsKnown()
    {
        Server.Apply("a");
        await _informer.StartWatchingAsync();
        Server.Compact();
        Server.FailLists(ListWatchFailure.Forbidden);
        Server.EndWatch(ListWatchFailure.Expired);
        await _informer.Time.PassDelayAsync();
        await _informer.ExpectAsync("list 2");
        Assert.That(await _informer.Time.PassDelayAsync(), Is.GreaterThanOrEqualTo(InformerHarness.Options.FirstLongDelay));
        await _informer.ExpectAsync("list 2", "watch 102");
        Assert.That(_informer.Changes.Lines, Is.EqualTo(new[] { "+a" }));
    }

    [Test]
    public async Task Server_AwayForAnHour_InformerStaysAliveAndLastEventAges()
    {
        _informer.Start();
        await _informer.ExpectAsync("list 2", "watch 100");
        Server.FailWatch(ListWatchFailure.Transient);
        Server.EndWatch(ListWatchFailure.Transient);
        for (var i = 0; i < 60; i++)
        {
            Server.FailWatch(ListWatchFailure.Transient);
            await _informer.Time.NextDelayAsync();
            _informer.Time.Advance(TimeSpan.FromMinutes(1));
            await _informer.ExpectAsync("watch 100");
            Assert.That(_informer.Informer.IsAlive);
        }
        Assert.That(_informer.Informer.LastEventAge, Is.EqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task Stop_WhileBackingOff_EndsAtOnceWithoutADelta()
    {
        Server.FailLists(ListWatchFailure.Transient);
        _informer.Start();
        await _informer.Time.NextDelayAsync();
        await _informer.StopAsync();
        Assert.That((_informer.Informer.HasSynced, _informer.Changes.Lines.Count), Is.EqualTo((false, 0)));
    }
}
