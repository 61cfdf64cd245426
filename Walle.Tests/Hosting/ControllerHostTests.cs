using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Walle.Controller.Hosting;
using Walle.Tests.Fakes;

namespace Walle.Tests.Hosting;

[Deterministic]
internal sealed class ControllerHostTests
{
    private readonly List<string> _happened = [];
    private FakeTimeProvider _time = null!;
    private CollectingLogger<ControllerHost> _log = null!;
    private FakeElection _election = null!;
    private CancellationTokenSource _stop = null!;
    private Dictionary<string, bool> _synced = null!;
    private Dictionary<string, TaskCompletionSource> _ends = null!;

    [SetUp]
    public void SetUp()
    {
        _happened.Clear();
        _time = new FakeTimeProvider();
        _log = new CollectingLogger<ControllerHost>();
        _election = new FakeElection(_happened);
        _stop = new CancellationTokenSource();
        _synced = new() { ["Job"] = true, ["Pod"] = true };
        _ends = new() { ["health"] = new(), ["Job"] = new(), ["Pod"] = new(), ["workers"] = new() };
    }

    [TearDown]
    public void TearDown()
    {
        _stop.Dispose();
        _election.Dispose();
    }

    [Test]
    public async Task Run_StartsInOrderAndStopsInTheOpposite()
    {
        using var host = Host();
        var running = host.RunAsync(_stop.Token);
        await Settle();
        Assert.That(_happened, Is.EqualTo(new[] { "health starts", "Job starts", "Pod starts", "acquire", "hold", "workers starts" }));

        _happened.Clear();
        await _stop.CancelAsync();
        Assert.That(await Finish(running), Is.Zero);
        var order = _happened.Select(what => what is "Job stops" or "Pod stops" ? "informer stops" : what);
        Assert.That(order, Is.EqualTo(new[] { "workers stops", "hold ends", "release", "informer stops", "informer stops", "health stops" }));
    }

    [Test]
    public async Task Run_OneInformerNotSynced_StartsNoWorkerAndIsNotReady()
    {
        _synced["Pod"] = false;
        using var host = Host();
        var running = host.RunAsync(_stop.Token);
        await Settle();
        Assert.That(_happened, Does.Not.Contain("acquire").And.Not.Contain("workers starts"));
        Assert.That(host.ReadyChecks.Select(check => check.Fault()), Is.EqualTo(new[] { null, "not synced yet" }));
        Assert.That(_log.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Text), Has.Some.Contain("Pod").And.None.Contain("Job"));

        _synced["Pod"] = true;
        await Settle();
        Assert.That(_happened, Does.Contain("workers starts"));
        Assert.That(host.ReadyChecks.Select(check => check.Fault()), Is.All.Null);
        await _stop.CancelAsync();
        Assert.That(await Finish(running), Is.Zero);
    }

    [Test]
    public async Task Run_NotLeader_StartsNoWorkerButIsReady()
    {
        _election.MayAcquire = new TaskCompletionSource();
        using var host = Host();
        var running = host.RunAsync(_stop.Token);
        await Settle();
        Assert.That(_happened[^1], Is.EqualTo("acquire"));
        Assert.That(host.ReadyChecks.Select(check => check.Fault()), Is.All.Null);

        await _stop.CancelAsync();
        Assert.That(await Finish(running), Is.Zero, "a stop while waiting is no fault");
        Assert.That(_happened, Does.Not.Contain("workers starts"));
    }

    [TestCase("health")]
    [TestCase("Job")]
    [TestCase("workers")]
    public async Task Run_LoopFaults_StopsAllWithExitCode1(string name)
    {
        using var host = Host();
        var running = host.RunAsync(_stop.Token);
        await Settle();
        _ends[name].SetException(new InvalidOperationException("broken"));
        Assert.That(await Finish(running), Is.EqualTo(1));
        Assert.That(_happened, Does.Contain("release").And.Contain("Pod stops"));
        Assert.That(_log.Entries.Single(entry => entry.Level == LogLevel.Critical).Exception!.Message, Is.EqualTo("broken"));
    }

    [Test]
    public async Task Run_LoopEndsUnasked_IsAFault()
    {
        using var host = Host();
        var running = host.RunAsync(_stop.Token);
        await Settle();
        _ends["Pod"].SetResult();
        Assert.That(await Finish(running), Is.EqualTo(1));
    }

    [Test]
    public async Task Run_FaultBeforeSynced_StopsAll()
    {
        _synced["Pod"] = false;
        using var host = Host();
        var running = host.RunAsync(_stop.Token);
        await Settle();
        _ends["Pod"].SetException(new InvalidOperationException("broken"));
        Assert.That(await Finish(running), Is.EqualTo(1));
    }

    [Test]
    public async Task Run_LeadershipLost_CancelsTheWorkersAndExitsWith1()
    {
        using var host = Host();
        var running = host.RunAsync(_stop.Token);
        await Settle();
        _election.Lose();
        Assert.That(await Finish(running), Is.EqualTo(1));
        Assert.That(_happened, Does.Contain("workers lose leadership"));
    }

    [Test]
    public async Task Run_LoopThatDoesNotStop_IsLeftBehind()
    {
        using var host = Host(stubborn: true);
        var running = host.RunAsync(_stop.Token);
        await Settle();
        await _stop.CancelAsync();
        Assert.That(await Finish(running), Is.Zero);
        Assert.That(_log.Entries.Select(entry => entry.Text), Has.Some.Contain("informers did not stop within 3 s"));
    }

    private ControllerHost Host(bool stubborn = false) => new(
        [new HostedLoop("health", token => Loop("health", token))],
        [
            new HostedInformer("Job", token => Loop("Job", token), () => _synced["Job"]),
            new HostedInformer("Pod", token => Loop("Pod", stubborn ? CancellationToken.None : token), () => _synced["Pod"]),
        ],
        _election,
        async (lost, token) =>
        {
            await using var registration = lost.Register(() => _happened.Add("workers lose leadership"));
            await Loop("workers", token);
        },
        _time,
        _log);

    private async Task Loop(string name, CancellationToken cancellationToken)
    {
        _happened.Add($"{name} starts");
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        await await Task.WhenAny(_ends[name].Task, stopped.ContinueWith(_ => _happened.Add($"{name} stops"), TaskScheduler.FromCurrentSynchronizationContext()));
    }

    /// <summary>Lets 20 s pass.</summary>
    private async Task Settle()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }
    }

    /// <summary>Lets time pass until it has ended: a step of the stop goes through the thread pool, so nobody knows how much that takes.</summary>
    private async Task<int> Finish(Task<int> running)
    {
        await Eventually.BecomesTrue(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(20));
                return running.IsCompleted;
            },
            "the host has ended");
        return await running;
    }

    private sealed class FakeElection(List<string> happened) : ILeaderElection
    {
        private readonly CancellationTokenSource _lost = new();
        private readonly TaskCompletionSource _lose = new();

        public TaskCompletionSource? MayAcquire { get; set; }

        public bool IsLeader => true;

        public CancellationToken Lost => _lost.Token;

        public void ThrowIfNotLeader()
        {
        }

        public void Lose()
        {
            _lost.Cancel();
            _lose.SetException(new LeadershipLostException("lost"));
        }

        public Task AcquireAsync(CancellationToken cancellationToken)
        {
            happened.Add("acquire");
            return MayAcquire?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }

        public async Task HoldAsync(CancellationToken cancellationToken)
        {
            happened.Add("hold");
            try
            {
                await _lose.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                happened.Add("hold ends");
            }
        }

        public Task ReleaseAsync(CancellationToken cancellationToken)
        {
            happened.Add("release");
            return Task.CompletedTask;
        }

        public void Dispose() => _lost.Dispose();
    }
}
