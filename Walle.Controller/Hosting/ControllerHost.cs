using Microsoft.Extensions.Logging;

namespace Walle.Controller.Hosting;

/// <summary>
/// The life of the process: endpoints -> informers -> synced -> leader -> workers, and back in the opposite order. The first fault of any of them stops
/// all: a controller that has lost a part looks alive and does nothing.
/// </summary>
internal sealed partial class ControllerHost : IDisposable
{
    private static readonly TimeSpan SyncPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SyncReport = TimeSpan.FromSeconds(10);

    /// <summary>Each step of a stop; with the workers' 23 s all stay below the 40 s that the Deployment gives the Pod.</summary>
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<HostedLoop> _endpoints;
    private readonly IReadOnlyList<HostedInformer> _informers;
    private readonly ILeaderElection _election;
    private readonly Func<CancellationToken, CancellationToken, Task> _workers;
    private readonly TimeProvider _time;
    private readonly ILogger<ControllerHost> _logger;
    private readonly CancellationTokenSource _fault = new();
    private int _faults;

    /// <param name="workers">ReconcileWorkers.RunAsync: takes the token of lost leadership and the one to stop.</param>
    public ControllerHost(
        IReadOnlyList<HostedLoop> endpoints,
        IReadOnlyList<HostedInformer> informers,
        ILeaderElection election,
        Func<CancellationToken, CancellationToken, Task> workers,
        TimeProvider time,
        ILogger<ControllerHost> logger)
    {
        _endpoints = endpoints;
        _informers = informers;
        _election = election;
        _workers = workers;
        _time = time;
        _logger = logger;
    }

    /// <summary>For /readyz.</summary>
    public IReadOnlyList<HealthCheck> ReadyChecks =>
        [.. _informers.Select(informer => new HealthCheck($"informer {informer.Name}", () => informer.HasSynced() ? null : "not synced yet"))];

    /// <summary>Runs until <paramref name="cancellationToken"/> asks to stop (exit code 0) or something fails (1).</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _fault.Token);
        using var stopEndpoints = new CancellationTokenSource();
        using var stopInformers = new CancellationTokenSource();
        using var stopHolding = new CancellationTokenSource();

        var endpoints = Task.WhenAll(_endpoints.Select(loop => GuardAsync(loop.Name, loop.RunAsync, stopEndpoints.Token)));
        var informers = Task.WhenAll(_informers.Select(informer => GuardAsync($"informer {informer.Name}", informer.RunAsync, stopInformers.Token)));
        var holding = Task.CompletedTask;
        try
        {
            await SyncAsync(stop.Token);
            await _election.AcquireAsync(stop.Token);
            holding = GuardAsync("leader election", _election.HoldAsync, stopHolding.Token);
            await GuardAsync("workers", stopWorkers => _workers(_election.Lost, stopWorkers), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            Fail("start", error);
        }

        LogStopping();
        await StopAsync("leader election", holding, stopHolding);
        await ReleaseAsync();
        await StopAsync("informers", informers, stopInformers);
        await StopAsync("endpoints", endpoints, stopEndpoints);
        LogStopped();
        return _faults == 0 ? 0 : 1;
    }

    public void Dispose() => _fault.Dispose();

    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var reports = 0;
        while (_informers.Any(informer => !informer.HasSynced()))
        {
            if (_time.GetElapsedTime(started) >= SyncReport * (reports + 1))
            {
                reports++;
                LogNotSynced(string.Join(", ", _informers.Where(informer => !informer.HasSynced()).Select(informer => informer.Name)), _time.GetElapsedTime(started).TotalSeconds);
            }

            await Task.Delay(SyncPoll, _time, cancellationToken);
        }

        LogSynced(_informers.Count, _time.GetElapsedTime(started).TotalSeconds);
    }

    private async Task GuardAsync(string name, Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run(cancellationToken);
            if (!cancellationToken.IsCancellationRequested)
                Fail(name, error: null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            Fail(name, error);
        }
    }

    private void Fail(string name, Exception? error)
    {
        // What fails after the first is mostly its consequence; it is logged all the same, as it may be the cause.
        Interlocked.Increment(ref _faults);
        LogFault(error, name);
        _fault.Cancel();
    }

    private async Task StopAsync(string name, Task running, CancellationTokenSource stop)
    {
        await stop.CancelAsync();
        try
        {
            await running.WaitAsync(StepTimeout, _time);
        }
        catch (TimeoutException)
        {
            LogStuck(name, StepTimeout.TotalSeconds);
        }
    }

    private async Task ReleaseAsync()
    {
        using var timeout = new CancellationTokenSource(StepTimeout, _time);
        await _election.ReleaseAsync(timeout.Token);
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} informers synced in {Seconds:0.00} s")]
    private partial void LogSynced(int count, double seconds);

    [LoggerMessage(2, LogLevel.Warning, "Not synced after {Seconds:0} s: {Informers}")]
    private partial void LogNotSynced(string informers, double seconds);

    [LoggerMessage(3, LogLevel.Critical, "{Name} ended and should not have; the controller stops")]
    private partial void LogFault(Exception? error, string name);

    [LoggerMessage(4, LogLevel.Information, "Stopping")]
    private partial void LogStopping();

    [LoggerMessage(5, LogLevel.Information, "Stopped")]
    private partial void LogStopped();

    [LoggerMessage(6, LogLevel.Warning, "{Name} did not stop within {Seconds} s; going on without")]
    private partial void LogStuck(string name, double seconds);
}
