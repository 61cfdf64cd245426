namespace Walle.Controller.Kubernetes;

/// <summary>
/// How many Events one object may have told of it: 25 at once and one a minute after that. A reconcile that flaps must not fill etcd, which holds the
/// Events of the whole cluster (client-go limits them likewise: EventSourceObjectSpamFilter in tools/record/events_cache.go).
/// </summary>
internal sealed class EventBudget(TimeProvider time)
{
    private const double Burst = 25;
    private const int MostObjects = 4096;
    private static readonly TimeSpan RefillPeriod = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, (double Left, DateTimeOffset At)> _objects = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <param name="uid">Of the object that the Event is about.</param>
    public bool TryTake(string uid)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var left = Left(uid, now);
            if (left < 1)
                return false;
            if (_objects.Count >= MostObjects)
                Forget(now);
            _objects[uid] = (left - 1, now);
            return true;
        }
    }

    private double Left(string uid, DateTimeOffset now) =>
        _objects.TryGetValue(uid, out var last) ? Math.Min(Burst, last.Left + (Math.Max(0, (now - last.At).Ticks) / (double)RefillPeriod.Ticks)) : Burst;

    /// <summary>Those that are full again; if none is, all: too many Events once are better than memory that grows.</summary>
    private void Forget(DateTimeOffset now)
    {
        var full = _objects.Keys.Where(uid => Left(uid, now) >= Burst).ToList();
        if (full.Count == 0)
            _objects.Clear();
        full.ForEach(uid => _objects.Remove(uid));
    }
}
