using NUnit.Framework;
using Walle.Controller.Informers;
using Walle.Controller.Projections;

namespace Walle.Tests.Informers;

[TestFixture]
public sealed class InformerPumpTests
{
    private readonly InformerHarness _informer = new(InformerHarness.Options with { ChannelCapacity = 4 });

    [TearDown]
    public async Task StopAsync() => await _informer.DisposeAsync();

    [Test]
    public async Task Handler_Throws_OthersAndLaterEventsStillCome()
    {
        _informer.Informer.AddHandler((_, _) => throw new InvalidOperationException("a bug"));
        var second = new ChangeLog<ClaimProjection>(_informer.Informer);
        await _informer.StartWatchingAsync();
        await _informer.FlushAsync("a");
        await _informer.FlushAsync("b");
        await second.WaitForAsync("+b");
        Assert.That(second.Lines, Is.EqualTo(new[] { "+a", "+b" }));
    }

    [Test]
    public async Task Handler_SeesTheChangeInTheStore()
    {
        var wrong = new List<string>();
        _informer.Informer.AddHandler((_, @new) =>
        {
            if (@new is not null && _informer.Informer.Get(@new.Name) != @new)
                wrong.Add(@new.Name.Name);
        });
        _informer.Server.Apply("listed");
        await _informer.StartWatchingAsync();
        await _informer.FlushAsync("watched");
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void AddHandler_AfterStart_Throws()
    {
        _informer.Start();
        Assert.That(() => _informer.Informer.AddHandler((_, _) => { }), Throws.InvalidOperationException);
    }

    /// <summary>TestSharedInformerInitializationRace: who has waited for the sync finds that every handler has had the first objects.</summary>
    [Test]
    public async Task HasSynced_OnlyAfterHandlersHadTheInitialObjects()
    {
        var synced = new List<bool>();
        _informer.Informer.AddHandler((_, _) => synced.Add(_informer.Informer.HasSynced));
        _informer.Server.Apply("a");
        _informer.Server.Apply("b");
        await _informer.StartWatchingAsync();
        Assert.That(synced, Is.EqualTo(new[] { false, false }));
    }

    [Test]
    public async Task Handler_Blocks_NothingIsLostThoughTheChannelIsFull()
    {
        using var gate = new ManualResetEventSlim();
        _informer.Informer.AddHandler((_, _) => gate.Wait(TimeSpan.FromSeconds(20)));
        await _informer.StartWatchingAsync();
        for (var i = 0; i < 500; i++)
            _informer.Server.Apply($"n{i:000}");
        gate.Set();
        await _informer.FlushAsync("end");
        _informer.AssertStoreEqualsServer();
        Assert.That(_informer.Changes.Lines, Has.Count.EqualTo(501));
    }

    /// <summary>
    /// TestHammerController, TestReflectorDataConsistencyDetector: whatever is lost, repeated, cut or refused, in the end store and handlers agree with
    /// the server.
    /// </summary>
    [Test]
    public async Task Server_MisbehavesAtRandom_StoreAndHandlersConverge([Values(1, 2, 3, 4, 5, 6, 7, 8)] int seed)
    {
        var random = new Random(seed);
        var seen = new Dictionary<string, ClaimProjection>();
        _informer.Informer.AddHandler((old, @new) =>
        {
            if (@new is null)
                seen.Remove(old!.Name.Name);
            else
                seen[@new.Name.Name] = @new;
        });
        _informer.Start();
        var server = _informer.Server;
        for (var i = 0; i < 400; i++)
        {
            Misbehave(server, random);
            if (!_informer.Time.HasNoDelay)
                await _informer.Time.PassDelayAsync();
            if (random.Next(4) == 0)
                await Task.Yield();
        }
        // The last word is a history that no watch knows, so that what was lost has to come from a list.
        server.LoseEvents(0);
        server.Compact();
        server.Apply("final");
        server.EndWatch(ListWatchFailure.Expired);
        var final = _informer.Changes.WaitForAsync("+final");
        while (!final.IsCompleted)
        {
            var delay = _informer.Time.NextDelayAsync();
            if (await Task.WhenAny(final, delay) == delay)
                _informer.Time.Advance(await delay);
        }
        await final;
        _informer.AssertStoreEqualsServer();
        Assert.That(seen.Values.OrderBy(claim => claim.Name.Name, StringComparer.Ordinal), Is.EqualTo(server.Objects));
    }

    private static void Misbehave(FakeListerWatcher server, Random random)
    {
        var name = $"n{random.Next(12)}";
        var exists = server.Objects.Any(claim => claim.Name.Name == name);
        switch (random.Next(12))
        {
            case 0 when exists:
                server.Delete(name);
                break;
            case 1:
                server.LoseEvents(random.Next(3));
                break;
            case 2:
                server.Compact();
                break;
            case 3:
                server.EndWatch((ListWatchFailure)random.Next(Enum.GetValues<ListWatchFailure>().Length));
                break;
            case 4:
                server.FailWatch(ListWatchFailure.Transient);
                break;
            case 5:
                server.FailLists(ListWatchFailure.Expired);
                break;
            case 6:
                server.Bookmark();
                break;
            default:
                server.Apply(name, incarnation: exists ? 0 : random.Next(3));
                break;
        }
    }
}
