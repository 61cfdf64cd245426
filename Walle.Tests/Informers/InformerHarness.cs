using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Walle.Controller.Diagnostics;
using Walle.Controller.Informers;
using Walle.Controller.Projections;

namespace Walle.Tests.Informers;

/// <summary>An informer over a <see cref="FakeListerWatcher"/> and a <see cref="SteppedTimeProvider"/>.</summary>
internal sealed class InformerHarness : IAsyncDisposable
{
    public static InformerOptions Options { get; } = new()
    {
        PageSize = 2,
        // Longer than any back-off, so that SteppedTimeProvider can tell them apart.
        PageTimeout = TimeSpan.FromMinutes(10),
        FirstLongDelay = TimeSpan.FromSeconds(40),
    };

    private readonly CancellationTokenSource _stop = new();
    private readonly Meter _meter = WalleMeter.Create();
    private Task _run = Task.CompletedTask;

    public InformerHarness(InformerOptions? options = null)
    {
        Informer = new Informer<ClaimProjection>("Claim", Server, [new(IndexNames.OwnerUid, claim => claim.OwnerUid)], options ?? Options, new InformerMetrics(_meter), Time, new Random(1), NullLogger.Instance);
        Changes = new ChangeLog<ClaimProjection>(Informer);
    }

    public FakeListerWatcher Server { get; } = new();

    public SteppedTimeProvider Time { get; } = new();

    public Informer<ClaimProjection> Informer { get; }

    public ChangeLog<ClaimProjection> Changes { get; }

    public void Start() => _run = Informer.RunAsync(_stop.Token);

    /// <summary>Starts, and waits until the first watch is open.</summary>
    public async Task StartWatchingAsync()
    {
        Start();
        while (!(await Server.NextRequestAsync()).StartsWith("watch", StringComparison.Ordinal))
        {
            // Pages of the list.
        }
        await Informer.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async Task ExpectAsync(params string[] requests)
    {
        foreach (var request in requests)
            Assert.That(await Server.NextRequestAsync(), Is.EqualTo(request));
    }

    /// <summary>Applies one more object and waits for it: all that was sent before has been dealt with then.</summary>
    public async Task FlushAsync(string name)
    {
        Server.Apply(name);
        await Changes.WaitForAsync("+" + name);
    }

    public void AssertStoreEqualsServer() =>
        Assert.That(Informer.List().OrderBy(claim => claim.Name.Name, StringComparer.Ordinal), Is.EqualTo(Server.Objects));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _meter.Dispose();
        _stop.Dispose();
    }
}
