namespace Walle.Controller.Queue;

/// <summary>
/// The middle layer: items that become ready later, in a heap with one timer for all of them. Time is the TimeProvider's monotonic clock.
/// Ported semantics: https://github.com/kubernetes/client-go/blob/master/util/workqueue/delaying_queue.go
/// </summary>
internal sealed class DelayingQueue<T> : IDisposable
    where T : notnull
{
    /// <summary>The timer is looked after at least this often: a wake-up costs nothing, and a timer too long for the platform (49 days) never arises.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    /// <summary>System timers count whole milliseconds; a shorter wait would fire early, again and again.</summary>
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly WorkQueue<T> _ready;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer _timer;

    /// <summary>
    /// By time since <see cref="_origin"/>. An entry whose time is not the one in <see cref="_dueOf"/> was overtaken by an earlier one for the same
    /// item and is skipped: cheaper than to search the heap.
    /// </summary>
    private readonly PriorityQueue<T, TimeSpan> _waiting = new();
    private readonly Dictionary<T, TimeSpan> _dueOf = [];
    private bool _shutDown;

    public DelayingQueue(WorkQueue<T> ready, TimeProvider time)
    {
        _ready = ready;
        _time = time;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => AddDue(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Items that are not ready yet.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_lock)
                return _dueOf.Count;
        }
    }

    public void AddAfter(T item, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            _ready.Add(item);
            return;
        }

        lock (_lock)
        {
            if (_shutDown)
                return;

            var now = Now();
            var due = delay > TimeSpan.MaxValue - now ? TimeSpan.MaxValue : now + delay;
            if (_dueOf.TryGetValue(item, out var known) && known <= due)
                return;

            _dueOf[item] = due;
            _waiting.Enqueue(item, due);
            SetTimer_NeedsLock(now);
        }
    }

    /// <summary>What still waits is dropped.</summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _shutDown = true;
            _waiting.Clear();
            _dueOf.Clear();
            _timer.Dispose();
        }
    }

    public void Dispose() => ShutDown();

    private void AddDue()
    {
        List<T> due = [];
        lock (_lock)
        {
            if (_shutDown)
                return;

            var now = Now();
            while (_waiting.TryPeek(out var item, out var at) && at <= now)
            {
                _waiting.Dequeue();
                if (_dueOf.TryGetValue(item, out var latest) && latest == at)
                {
                    _dueOf.Remove(item);
                    due.Add(item);
                }
            }

            SetTimer_NeedsLock(now);
        }

        // Not under this lock: the layers below have their own.
        foreach (var item in due)
            _ready.Add(item);
    }

    private void SetTimer_NeedsLock(TimeSpan now)
    {
        if (!_waiting.TryPeek(out _, out var next))
            return;

        var wait = next - now;
        _timer.Change(wait > MaxWait ? MaxWait : wait < MinWait ? MinWait : wait, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now() => _time.GetElapsedTime(_origin);
}
