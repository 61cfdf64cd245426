namespace Walle.Controller.Queue;

/// <summary>
/// The outermost layer and the queue that the controller uses: failed items come back after their own back-off, and all failures together no faster
/// than the token bucket allows. Events are never slowed down.
/// Ported semantics: https://github.com/kubernetes/client-go/blob/master/util/workqueue/rate_limiting_queue.go
/// </summary>
internal sealed class RateLimitingQueue<T> : IWorkQueue<T>, IDisposable
    where T : notnull
{
    private readonly WorkQueue<T> _ready;
    private readonly DelayingQueue<T> _delayed;
    private readonly ExponentialFailureRateLimiter<T> _itemLimiter;
    private readonly TokenBucketRateLimiter _retryLimiter;
    private readonly QueueMetrics<T> _metrics;

    /// <param name="options">How fast failures are tried again.</param>
    /// <param name="time">Of the delays.</param>
    /// <param name="metrics">Told of everything.</param>
    /// <param name="groupOf">What is ready is handed out group by group in turn.</param>
    public RateLimitingQueue(RateLimitingQueueOptions options, TimeProvider time, QueueMetrics<T> metrics, Func<T, string> groupOf)
    {
        _metrics = metrics;
        _ready = new WorkQueue<T>(metrics, groupOf);
        _delayed = new DelayingQueue<T>(_ready, time);
        _itemLimiter = new ExponentialFailureRateLimiter<T>(options.BaseDelay, options.MaxDelay);
        _retryLimiter = new TokenBucketRateLimiter(time, options.RetriesPerSecond, options.RetryBurst);
    }

    public int Count => _ready.Count;

    public void Add(T item) => _ready.Add(item);

    public void AddAfter(T item, TimeSpan delay) => _delayed.AddAfter(item, delay);

    public void AddRateLimited(T item)
    {
        _metrics.Retried(item);
        var own = _itemLimiter.When(item);
        var shared = _retryLimiter.When();
        _delayed.AddAfter(item, own > shared ? own : shared);
    }

    public void Forget(T item) => _itemLimiter.Forget(item);

    public int NumRequeues(T item) => _itemLimiter.NumRequeues(item);

    public ValueTask<(bool Taken, T Item)> GetAsync(CancellationToken cancellationToken) => _ready.GetAsync(cancellationToken);

    public void Done(T item) => _ready.Done(item);

    public void ShutDown()
    {
        // Delayed first: nothing may arrive after the last item was handed out.
        _delayed.ShutDown();
        _ready.ShutDown();
    }

    /// <summary>After the workers have ended.</summary>
    public void Dispose()
    {
        ShutDown();
        _delayed.Dispose();
        _ready.Dispose();
    }
}
