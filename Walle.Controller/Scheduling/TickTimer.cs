namespace Walle.Controller.Scheduling;

/// <summary>
/// Calls when a wall-clock time has come: one heap and one timer for all keys. Unlike the work queue's delays, which go by elapsed time and must
/// not be moved by a clock that is set, this follows the clock: a jump, or the time that a machine slept, is noticed within <see cref="MaxSleep"/>.
/// Thread-safe.
/// </summary>
internal sealed class TickTimer<TKey> : IDisposable
    where TKey : notnull
{
    /// <summary>The clock is looked at least this often, while there is anything to wait for.</summary>
    public static readonly TimeSpan MaxSleep = TimeSpan.FromSeconds(30);

    /// <summary>System timers count whole milliseconds; a shorter wait would fire early, again and again.</summary>
    private static readonly TimeSpan MinSleep = TimeSpan.FromMilliseconds(1);

    /// <summary>How many are taken from the heap before they are called: when thousands are due, the first need not wait for the last.</summary>
    private const int Batch = 64;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action<TKey> _due;
    private readonly ITimer _timer;

    /// <summary>By UTC ticks. An entry whose time is not the one in <see cref="_dueOf"/> was replaced or removed and is skipped.</summary>
    private readonly PriorityQueue<TKey, long> _waiting = new();
    private readonly Dictionary<TKey, long> _dueOf = [];
    private bool _disposed;

    /// <param name="due">Called once for each time set, not under a lock, perhaps by several threads, and must be quick: add the key to a queue.</param>
    public TickTimer(TimeProvider time, Action<TKey> due)
    {
        _time = time;
        _due = due;
        _timer = time.CreateTimer(_ => CallDue(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that wait for their time.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _dueOf.Count;
        }
    }

    /// <summary>Entries of the heap: for tests.</summary>
    internal int WaitingEntries => _waiting.Count;

    /// <summary>Replaces what was set for the key, whether earlier or later. A time in the past is due at once.</summary>
    public void Set(TKey key, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (_disposed || (_dueOf.TryGetValue(key, out var known) && known == at.UtcTicks))
                return;
            // For a later one the timer is set already.
            var isFirst = !_waiting.TryPeek(out _, out var first) || at.UtcTicks < first;
            _dueOf[key] = at.UtcTicks;
            _waiting.Enqueue(key, at.UtcTicks);
            Shrink_NeedsLock();
            if (isFirst)
                SetTimer_NeedsLock();
        }
    }

    public void Remove(TKey key)
    {
        lock (_lock)
        {
            if (_dueOf.Remove(key))
                Shrink_NeedsLock();
        }
    }

    /// <summary>What still waits is dropped.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _waiting.Clear();
            _dueOf.Clear();
            _timer.Dispose();
        }
    }

    private void CallDue()
    {
        var due = new List<TKey>(Batch);
        do
        {
            due.Clear();
            TakeDue(due);
            // Not under the lock: whoever is called has locks of its own.
            foreach (var key in due)
                _due(key);
        }
        while (due.Count == Batch);
    }

    private void TakeDue(List<TKey> due)
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            var now = _time.GetUtcNow().UtcTicks;
            while (due.Count < Batch && _waiting.TryPeek(out var key, out var at) && (at <= now || !IsCurrent_NeedsLock(key, at)))
            {
                _waiting.Dequeue();
                if (!IsCurrent_NeedsLock(key, at))
                    continue;
                _dueOf.Remove(key);
                due.Add(key);
            }

            SetTimer_NeedsLock();
        }
    }

    private bool IsCurrent_NeedsLock(TKey key, long at) => _dueOf.TryGetValue(key, out var current) && current == at;

    /// <summary>Entries that were replaced must not outgrow those that were not.</summary>
    private void Shrink_NeedsLock()
    {
        if (_waiting.Count <= (2 * _dueOf.Count) + 64)
            return;
        _waiting.Clear();
        _waiting.EnqueueRange(_dueOf.Select(entry => (entry.Key, entry.Value)));
    }

    private void SetTimer_NeedsLock()
    {
        if (!_waiting.TryPeek(out _, out var next))
            return;

        var wait = TimeSpan.FromTicks(next - _time.GetUtcNow().UtcTicks);
        _timer.Change(wait > MaxSleep ? MaxSleep : wait < MinSleep ? MinSleep : wait, Timeout.InfiniteTimeSpan);
    }
}
