namespace Walle.Controller.Queue;

/// <summary>
/// The innermost layer: who may be worked on now. An item is in one of these states:
/// <code>
///              Add                Get                    Done
///   (unknown) -----> dirty+ready ----> processing ------------> (unknown)
///                        ^                |  Add
///                        |     Done       v
///                        +---------- processing+dirty
/// </code>
/// Ported semantics: https://github.com/kubernetes/client-go/blob/master/util/workqueue/queue.go
/// </summary>
internal sealed class WorkQueue<T> : IDisposable
    where T : notnull
{
    private readonly Lock _lock = new();
    private readonly QueueMetrics<T> _metrics;

    /// <summary>What must be worked on. Everything in <see cref="_ready"/> is in here; the rest of it is in <see cref="_processing"/> too.</summary>
    private readonly HashSet<T> _dirty = [];

    /// <summary>What a worker holds. Nothing in <see cref="_ready"/> is in here: no item is worked on twice at once.</summary>
    private readonly HashSet<T> _processing = [];

    /// <summary>The order in which items are handed out.</summary>
    private readonly RoundRobinQueue<T> _ready;

    /// <summary>One permit for each item in <see cref="_ready"/>, and one more once shut down, which each caller that finds nothing passes on.</summary>
    private readonly SemaphoreSlim _available = new(0);

    private bool _shutDown;

    /// <param name="metrics">Told of everything.</param>
    /// <param name="groupOf">Groups take turns (<see cref="RoundRobinQueue{T}"/>).</param>
    public WorkQueue(QueueMetrics<T> metrics, Func<T, string> groupOf)
    {
        _metrics = metrics;
        _ready = new RoundRobinQueue<T>(groupOf);
    }

    /// <summary>Items ready to be handed out. It is for metrics and tests: nothing may depend on it.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _ready.Count;
        }
    }

    public void Add(T item)
    {
        lock (_lock)
        {
            if (_shutDown || !_dirty.Add(item))
                return;

            _metrics.Added(item);
            // The worker that holds it may have read the state from before this change: Done hands it out again.
            if (!_processing.Contains(item))
                Enqueue_NeedsLock(item);
        }
    }

    public async ValueTask<(bool Taken, T Item)> GetAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        lock (_lock)
        {
            if (!_ready.TryDequeue(out var item))
            {
                _available.Release();
                return (false, default!);
            }

            _processing.Add(item);
            _dirty.Remove(item);
            _metrics.Taken(item);
            return (true, item);
        }
    }

    public void Done(T item)
    {
        lock (_lock)
        {
            if (!_processing.Remove(item))
                return;

            _metrics.Done(item);
            // Even when shut down: it was accepted before. The caller's next Get finds it, so nothing accepted is lost.
            if (_dirty.Contains(item))
                Enqueue_NeedsLock(item);
        }
    }

    public void ShutDown()
    {
        lock (_lock)
        {
            if (_shutDown)
                return;
            _shutDown = true;
            _available.Release();
        }
    }

    /// <summary>After the workers have ended.</summary>
    public void Dispose() => _available.Dispose();

    private void Enqueue_NeedsLock(T item)
    {
        _ready.Enqueue(item);
        _metrics.Queued(item);
        _available.Release();
    }
}
