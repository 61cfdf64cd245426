using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Walle.Controller.Projections;

namespace Walle.Controller.Informers;

/// <summary>
/// Lists and watches one kind for ever and writes what changes into a channel: the only code that knows resource versions. It carries out what
/// <see cref="ReflectorTransitions"/> decides. It fails only by a bug.
/// </summary>
internal sealed class Reflector<T>(
    string kind,
    IListerWatcher<T> source,
    ChannelWriter<Delta<T>> deltas,
    InformerOptions options,
    InformerMetrics metrics,
    TimeProvider timeProvider,
    Random random,
    ILogger logger)
    where T : class, IProjection
{
    private readonly Backoff _backoff = new(options.FirstDelay, options.LastDelay, options.HealthyAfter, timeProvider, random);
    private readonly Backoff _longBackoff = new(options.FirstLongDelay, options.LastLongDelay, options.HealthyAfter, timeProvider, random);
    private readonly Progress _loop = new(timeProvider);
    private readonly Progress _lastEvent = new(timeProvider);
    private List<T> _listed = [];
    private bool _isIdle;

    public ReflectorState State { get; private set; } = ReflectorState.Initial;

    public TimeSpan LoopAge => _loop.Age;

    public TimeSpan LastEventAge => _lastEvent.Age;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _loop.Mark();
                await (State.Phase switch
                {
                    ReflectorPhase.Empty => StepAsync(ReflectorInput.Started, null, cancellationToken),
                    ReflectorPhase.Listing => ListAsync(cancellationToken),
                    _ => WatchAsync(cancellationToken),
                });
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            State = ReflectorTransitions.Next(State, ReflectorInput.Cancelled).Next;
        }
        finally
        {
            deltas.TryComplete();
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.PageTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        if (State.ContinueToken is null)
            _listed = [];
        ListPage<T> page;
        try
        {
            page = await source.ListPageAsync(State.IsUnpaged ? null : options.PageSize, State.ContinueToken, either.Token);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await FailAsync(Explain(exception, "the API server did not finish a page of the list in time"), cancellationToken);
            return;
        }
        _lastEvent.Mark();
        _listed.AddRange(page.Items);
        await StepAsync(ReflectorInput.PageRead(page.ResourceVersion, page.ContinueToken), null, cancellationToken);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var timeout = options.ShortestWatch + ((options.LongestWatch - options.ShortestWatch) * random.NextDouble());
        using var watchdog = new CancellationTokenSource(timeout + options.IdleMargin, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(watchdog.Token, cancellationToken);
        var (start, from) = (timeProvider.GetTimestamp(), State.ResourceVersion);
        _isIdle = true;
        try
        {
            await foreach (var watchEvent in source.WatchAsync(State.ResourceVersion, timeout, either.Token))
            {
                await TakeAsync(watchEvent, cancellationToken);
                if (State.Phase != ReflectorPhase.Watching)
                    return;
            }
        }
        catch (OperationCanceledException) when (watchdog.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            ReflectorLog.WatchWentSilent(logger, kind, timeout + options.IdleMargin);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await FailAsync(Explain(exception, "the watch was cancelled"), cancellationToken);
            return;
        }
        metrics.WatchRestarted(kind, ListWatchFailure.Closed);
        var lived = timeProvider.GetElapsedTime(start);
        var end = lived < options.ShortWatch && State.ResourceVersion == from ? WatchEnd.Short
            : _isIdle && lived >= timeout ? WatchEnd.Silent
            : WatchEnd.Normal;
        ReflectorLog.WatchEnded(logger, kind, end, lived, State.ResourceVersion);
        await StepAsync(ReflectorInput.Ended(end), null, cancellationToken);
    }

    private ValueTask TakeAsync(WatchEvent<T> watchEvent, CancellationToken cancellationToken)
    {
        _loop.Mark();
        _lastEvent.Mark();
        _isIdle &= watchEvent.Kind == WatchEventKind.Opened;
        var input = watchEvent.Kind switch
        {
            WatchEventKind.Opened => ReflectorInput.WatchOpened,
            WatchEventKind.Applied => ReflectorInput.Applied(watchEvent.ResourceVersion),
            WatchEventKind.Deleted => ReflectorInput.Deleted(watchEvent.ResourceVersion),
            _ => ReflectorInput.Bookmark(watchEvent.ResourceVersion),
        };
        return new ValueTask(StepAsync(input, watchEvent.Object, cancellationToken));
    }

    private async Task FailAsync(ListWatchException exception, CancellationToken cancellationToken)
    {
        if (State.Phase == ReflectorPhase.Listing)
            ReflectorLog.ListFailed(logger, kind, exception.Failure, exception.Message);
        else
            WatchFailed(exception);
        if (exception.Failure == ListWatchFailure.Undecodable)
            metrics.DecodeFailed(kind);
        await StepAsync(ReflectorInput.Failed(exception.Failure), null, cancellationToken, exception.RetryAfter);
    }

    private void WatchFailed(ListWatchException exception)
    {
        metrics.WatchRestarted(kind, exception.Failure);
        if (exception.Failure is ListWatchFailure.Expired or ListWatchFailure.Closed)
            ReflectorLog.WatchExpired(logger, kind, exception.Message);
        else
            ReflectorLog.WatchFailed(logger, kind, exception.Failure, exception.Message);
    }

    private async Task StepAsync(ReflectorInput input, T? @object, CancellationToken cancellationToken, TimeSpan? retryAfter = null)
    {
        var transition = ReflectorTransitions.Next(State, input);
        State = transition.Next;
        if (transition.Emit != ReflectorEmit.Nothing)
            await deltas.WriteAsync(ToDelta(transition.Emit, @object), cancellationToken);
        if (transition.Delay == ReflectorDelay.None)
            return;
        var delay = transition.Delay == ReflectorDelay.Long ? _longBackoff.Next() : _backoff.Next();
        if (retryAfter > delay)
            delay = retryAfter.Value < options.LastLongDelay ? retryAfter.Value : options.LastLongDelay;
        ReflectorLog.BackingOff(logger, kind, delay);
        await Task.Delay(delay, timeProvider, cancellationToken);
    }

    private Delta<T> ToDelta(ReflectorEmit emit, T? @object)
    {
        switch (emit)
        {
            case ReflectorEmit.Applied:
                return Delta<T>.Applied(@object!);
            case ReflectorEmit.Deleted:
                return Delta<T>.Deleted(@object!);
            case ReflectorEmit.Absent:
                return Delta<T>.Absent;
            default:
                var listed = _listed;
                _listed = [];
                metrics.Relisted(kind);
                ReflectorLog.Listed(logger, kind, listed.Count, State.ResourceVersion);
                return Delta<T>.Replaced(listed);
        }
    }

    /// <summary>A cancellation that nobody asked for is a timeout.</summary>
    private static ListWatchException Explain(Exception exception, string onCancelled) => exception is OperationCanceledException
        ? new ListWatchException(ListWatchFailure.Transient, onCancelled, exception)
        : FailureClassifier.FromException(exception);
}
