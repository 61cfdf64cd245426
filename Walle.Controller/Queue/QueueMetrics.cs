using System.Diagnostics.Metrics;
using Walle.Controller.Diagnostics;

namespace Walle.Controller.Queue;

/// <summary>
/// What client-go measures of a work queue (https://github.com/kubernetes/client-go/blob/master/util/workqueue/metrics.go), by kind of item, since
/// all kinds share one queue. WorkQueue calls it under its own lock; a scrape takes only the lock of this class.
/// </summary>
internal sealed class QueueMetrics<T>
    where T : notnull
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Func<T, string> _kindOf;
    private readonly Dictionary<T, long> _addedAt = [];
    private readonly Dictionary<T, long> _takenAt = [];

    /// <summary>Kinds are never removed: a series that vanishes is taken for an outage.</summary>
    private readonly Dictionary<string, int> _depth = [];
    private readonly Counter<long> _adds;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _queueDuration;
    private readonly Histogram<double> _workDuration;

    public QueueMetrics(Meter meter, TimeProvider time, Func<T, string> kindOf)
    {
        _time = time;
        _kindOf = kindOf;
        _adds = meter.CreateCounter<long>("walle_workqueue_adds", description: "Items added.");
        _retries = meter.CreateCounter<long>("walle_workqueue_retries", description: "Items added again because they failed.");
        _queueDuration = meter.CreateHistogram<double>("walle_workqueue_queue_duration", "s", "How long an item waits for a worker.", tags: null, WalleMeter.Seconds);
        _workDuration = meter.CreateHistogram<double>("walle_workqueue_work_duration", "s", "How long a worker holds an item.", tags: null, WalleMeter.Seconds);
        meter.CreateObservableGauge("walle_workqueue_depth", Depth, description: "Items that wait for a worker.");
        meter.CreateObservableGauge("walle_workqueue_unfinished_work", UnfinishedWork, "s", "Sum of the time that the items in work have taken so far.");
        meter.CreateObservableGauge("walle_workqueue_longest_running", LongestRunning, "s", "Time that the oldest item in work has taken so far: a stuck worker, if it grows.");
    }

    /// <summary>Accepted; for one that is in work this is not yet queued.</summary>
    public void Added(T item)
    {
        _adds.Add(1, Kind(item));
        lock (_lock)
            _addedAt.TryAdd(item, _time.GetTimestamp());
    }

    public void Queued(T item)
    {
        lock (_lock)
            _depth[_kindOf(item)] = _depth.GetValueOrDefault(_kindOf(item)) + 1;
    }

    public void Taken(T item)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            _depth[_kindOf(item)]--;
            _takenAt[item] = now;
            if (_addedAt.Remove(item, out var addedAt))
                _queueDuration.Record(_time.GetElapsedTime(addedAt, now).TotalSeconds, Kind(item));
        }
    }

    public void Done(T item)
    {
        lock (_lock)
        {
            if (_takenAt.Remove(item, out var takenAt))
                _workDuration.Record(_time.GetElapsedTime(takenAt).TotalSeconds, Kind(item));
        }
    }

    public void Retried(T item) => _retries.Add(1, Kind(item));

    private KeyValuePair<string, object?> Kind(T item) => WalleMeter.Kind(_kindOf(item));

    private List<Measurement<int>> Depth()
    {
        lock (_lock)
            return [.. _depth.Select(pair => new Measurement<int>(pair.Value, WalleMeter.Kind(pair.Key)))];
    }

    private List<Measurement<double>> UnfinishedWork() => InWork(seconds => seconds.Sum());

    private List<Measurement<double>> LongestRunning() => InWork(seconds => seconds.DefaultIfEmpty().Max());

    private List<Measurement<double>> InWork(Func<IEnumerable<double>, double> aggregate)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            var secondsByKind = _takenAt.ToLookup(pair => _kindOf(pair.Key), pair => _time.GetElapsedTime(pair.Value, now).TotalSeconds);
            return [.. _depth.Keys.Select(kind => new Measurement<double>(aggregate(secondsByKind[kind]), WalleMeter.Kind(kind)))];
        }
    }
}
