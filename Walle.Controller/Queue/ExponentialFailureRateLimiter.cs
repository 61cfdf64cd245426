namespace Walle.Controller.Queue;

/// <summary>
/// base * 2^failures of one item, capped.
/// Ported semantics: https://github.com/kubernetes/client-go/blob/master/util/workqueue/default_rate_limiters.go
/// </summary>
internal sealed class ExponentialFailureRateLimiter<T>
    where T : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<T, int> _failures = [];
    private readonly TimeSpan _baseDelay;
    private readonly TimeSpan _maxDelay;

    public ExponentialFailureRateLimiter(TimeSpan baseDelay, TimeSpan maxDelay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(baseDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDelay, baseDelay);
        _baseDelay = baseDelay;
        _maxDelay = maxDelay;
    }

    public TimeSpan When(T item)
    {
        int failures;
        lock (_lock)
        {
            failures = _failures.GetValueOrDefault(item);
            if (failures < int.MaxValue)
                _failures[item] = failures + 1;
        }

        // In doubles, where 2^1100 is infinity: as ticks it would have wrapped around to a negative delay, hence none, for good.
        var ticks = _baseDelay.Ticks * Math.Pow(2, failures);
        return ticks >= _maxDelay.Ticks ? _maxDelay : TimeSpan.FromTicks((long)ticks);
    }

    public int NumRequeues(T item)
    {
        lock (_lock)
            return _failures.GetValueOrDefault(item);
    }

    public void Forget(T item)
    {
        lock (_lock)
            _failures.Remove(item);
    }
}
