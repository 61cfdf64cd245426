namespace Walle.Controller.Informers;

/// <summary>Exponential delays with jitter, which begin anew after a time without failure. Not thread-safe.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan last, TimeSpan healthyAfter, TimeProvider timeProvider, Random random)
{
    private TimeSpan _base;
    private long _lastCall;

    /// <summary>Between the base and twice the base, so that the clients of a restarted server do not come back all at once.</summary>
    public TimeSpan Next()
    {
        var now = timeProvider.GetTimestamp();
        var isHealthy = _base == default || timeProvider.GetElapsedTime(_lastCall, now) > _base * 2 + healthyAfter;
        _base = isHealthy ? first : TimeSpan.FromTicks(Math.Min(_base.Ticks * 2, last.Ticks));
        _lastCall = now;
        return _base * (1 + random.NextDouble());
    }
}
