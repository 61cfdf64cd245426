using Microsoft.Extensions.Logging;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;

namespace Walle.Controller.Controllers;

/// <summary>
/// The only loop that takes from the work queue: N workers, each Get -> reconciler of that kind -> requeue or Forget -> Done. They start after all
/// informers have synced and leadership is held (ControllerHost sees to it), and no exception of a reconciler ends them.
/// </summary>
internal sealed partial class ReconcileWorkers
{
    private readonly IWorkQueue<ReconcileRequest> _queue;
    private readonly ReconcileOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ReconcileWorkers> _logger;
    private readonly ReconcileWorker[] _workers;

    public ReconcileWorkers(
        IWorkQueue<ReconcileRequest> queue,
        IReadOnlyList<IReconciler> reconcilers,
        ReconcileOptions options,
        ReconcileMetrics metrics,
        TimeProvider time,
        ILogger<ReconcileWorkers> logger)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Workers);
        _queue = queue;
        _options = options;
        _time = time;
        _logger = logger;
        var byKind = reconcilers.ToDictionary(reconciler => reconciler.Kind);
        _workers = [.. Enumerable.Range(0, options.Workers).Select(_ => new ReconcileWorker(queue, byKind, options, metrics, time, logger))];
    }

    /// <summary>
    /// Runs until <paramref name="cancellationToken"/> asks to stop: no worker takes another item, what is in work may end by itself within the
    /// drain time-out, and what is queued is left to the next leader, who lists everything anyway. <paramref name="leadershipLost"/> cancels what
    /// is in work at once: another controller may be at it.
    /// </summary>
    public async Task RunAsync(CancellationToken leadershipLost, CancellationToken cancellationToken)
    {
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(leadershipLost);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, leadershipLost);
        var abortToken = abort.Token;
        var stopToken = stop.Token;

        // Task.Run: a reconciler that computes before its first await must not keep the other workers from starting.
        var all = Task.WhenAll(_workers.Select(worker => Task.Run(() => RunOneAsync(worker), CancellationToken.None)));
        LogStarted(_workers.Length);
        try
        {
            await all.WaitAsync(stopToken);
        }
        catch (OperationCanceledException) when (stopToken.IsCancellationRequested)
        {
            _queue.ShutDown();
            await DrainAsync(all, abort);
        }

        LogStopped(_queue.Count);

        // A worker ends with an exception only if the queue itself is at fault: better none than one fewer.
        async Task RunOneAsync(ReconcileWorker worker)
        {
            try
            {
                await worker.RunAsync(abortToken, stopToken);
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }

    /// <summary>The request that a worker has not come back from, if there is one.</summary>
    public ReconcileRequest? StuckRequest() => StuckRequest(_options.StuckAfter);

    private ReconcileRequest? StuckRequest(TimeSpan longerThan) =>
        _workers.Select(worker => worker.Current(longerThan)).FirstOrDefault(request => request is not null);

    private async Task DrainAsync(Task all, CancellationTokenSource abort)
    {
        try
        {
            await all.WaitAsync(_options.DrainTimeout, _time);
        }
        catch (TimeoutException)
        {
            LogDrainTimeout(_options.DrainTimeout.TotalSeconds);
            await abort.CancelAsync();
            await AbandonAsync(all);
        }
    }

    /// <summary>A reconcile that ignores its cancellation must not keep the Lease from being released.</summary>
    private async Task AbandonAsync(Task all)
    {
        try
        {
            await all.WaitAsync(_options.AbortTimeout, _time);
        }
        catch (TimeoutException)
        {
            LogAbandoned(StuckRequest(TimeSpan.Zero)?.ToString());
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Workers} workers started")]
    private partial void LogStarted(int workers);

    [LoggerMessage(2, LogLevel.Information, "Workers stopped; {Queued} requests are left for the next leader")]
    private partial void LogStopped(int queued);

    [LoggerMessage(4, LogLevel.Error, "A reconcile ignores its cancellation and is left behind: {Request}")]
    private partial void LogAbandoned(string? request);

    [LoggerMessage(3, LogLevel.Warning, "Reconciles still run {Seconds} s after the stop was asked for; cancelling them")]
    private partial void LogDrainTimeout(double seconds);
}
