using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;

namespace Walle.Controller.Informers;

/// <summary>Reflector, bounded channel, Store and handlers of one kind.</summary>
internal sealed class Informer<T> : ILister<T>, IInformer
    where T : class, IProjection
{
    private readonly Channel<Delta<T>> _deltas;
    private readonly Reflector<T> _reflector;
    private readonly Store<T> _store;
    private readonly List<Action<T?, T?>> _handlers = [];
    private readonly InformerOptions _options;
    private readonly InformerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Progress _pump;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isAbsent;
    private int _hasStarted;

    public Informer(
        string kind,
        IListerWatcher<T> source,
        IReadOnlyList<StoreIndex<T>> indexes,
        InformerOptions options,
        InformerMetrics metrics,
        TimeProvider timeProvider,
        Random random,
        ILogger logger)
    {
        Kind = kind;
        _options = options;
        _metrics = metrics;
        _logger = logger;
        _store = new Store<T>(indexes);
        _pump = new Progress(timeProvider);
        _deltas = Channel.CreateBounded<Delta<T>>(new BoundedChannelOptions(options.ChannelCapacity)
        {
            // A dropped delta would be a store that lies until the next list.
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
            SingleWriter = true,
        });
        _reflector = new Reflector<T>(kind, source, _deltas.Writer, options, metrics, timeProvider, random, logger);
        metrics.Register(this);
    }

    public string Kind { get; }

    public bool HasSynced => _synced.Task.IsCompleted;

    public bool IsAbsent => _isAbsent;

    public int Count => _store.Count;

    public TimeSpan LastEventAge => _reflector.LastEventAge;

    public bool IsAlive => _reflector.LoopAge < _options.StuckAfter && (_deltas.Reader.Count == 0 || _pump.Age < _options.StuckAfter);

    public T? Get(NamespacedName name) => _store.Get(name);

    public IReadOnlyList<T> List() => _store.List();

    public IReadOnlyList<T> ByIndex(string index, string key) => _store.ByIndex(index, key);

    /// <summary>
    /// Called for every change after it is in the store: (null, new), (old, new) or (old, null). Runs inside the pump, so it must do nothing but add keys
    /// to a queue: while the pump is busy the API server may end the watch of a reader that cannot keep up. Only before the start.
    /// </summary>
    public void AddHandler(Action<T?, T?> handler)
    {
        if (Volatile.Read(ref _hasStarted) != 0)
            throw new InvalidOperationException($"The informer of {Kind} runs already; a handler would miss what is in the store.");
        _handlers.Add(handler);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _hasStarted, 1) != 0)
            throw new InvalidOperationException($"The informer of {Kind} runs already.");
        // When one of the two fails the other must not live on unseen.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] loops = [_reflector.RunAsync(stop.Token), PumpAsync(stop.Token)];
        await Task.WhenAny(loops);
        await stop.CancelAsync();
        await Task.WhenAll(loops);
    }

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _deltas.Reader.WaitToReadAsync(cancellationToken))
            {
                while (!cancellationToken.IsCancellationRequested && TryApplyNext())
                    _pump.Mark();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Not in the loop itself: its state would keep the last delta, which may be a whole list, alive until the next one comes.</summary>
    private bool TryApplyNext()
    {
        if (!_deltas.Reader.TryRead(out var delta))
            return false;
        Apply(delta);
        return true;
    }

    private void Apply(Delta<T> delta)
    {
        switch (delta.Kind)
        {
            case DeltaKind.Applied when _store.Apply(delta.Object!, out var old):
                Raise(old, delta.Object);
                break;
            case DeltaKind.Deleted when _store.Delete(delta.Object!, out var old):
                Raise(old, null);
                break;
            case DeltaKind.Replaced:
                _isAbsent = false;
                Replace(delta.Items);
                break;
            case DeltaKind.Absent:
                if (!_isAbsent)
                    ReflectorLog.Absent(_logger, Kind);
                _isAbsent = true;
                Replace([]);
                break;
        }
    }

    private void Replace(IReadOnlyList<T> items)
    {
        foreach (var (old, @new) in _store.Replace(items))
            Raise(old, @new);
        // After the handlers: who waits for the sync may rely on the initial keys being in the queue.
        _synced.TrySetResult();
    }

    private void Raise(T? old, T? @new)
    {
        foreach (var handler in _handlers)
        {
            try
            {
                handler(old, @new);
            }
            catch (Exception exception)
            {
                // One handler's bug must not starve the others, nor stop the store.
                _metrics.HandlerFailed(Kind);
                ReflectorLog.HandlerFailed(_logger, Kind, (@new ?? old)!.Name.ToString(), exception);
            }
        }
    }
}
