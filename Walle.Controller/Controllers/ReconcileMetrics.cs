using System.Diagnostics.Metrics;
using Walle.Controller.Diagnostics;

namespace Walle.Controller.Controllers;

/// <summary>How many reconciles ended how, how long they took, and how many run.</summary>
internal sealed class ReconcileMetrics
{
    private readonly Counter<long> _total;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _inFlight;

    public ReconcileMetrics(Meter meter)
    {
        _total = meter.CreateCounter<long>("walle_reconcile", description: "Reconciles that ended, by result.");
        _duration = meter.CreateHistogram<double>("walle_reconcile_duration", "s", "How long a reconcile takes.", tags: null, WalleMeter.Seconds);
        _inFlight = meter.CreateUpDownCounter<long>("walle_reconcile_in_flight", description: "Reconciles that run.");
    }

    public void Started(string kind) => _inFlight.Add(1, WalleMeter.Kind(kind));

    public void Ended(string kind, string result, TimeSpan duration)
    {
        _inFlight.Add(-1, WalleMeter.Kind(kind));
        _total.Add(1, WalleMeter.Kind(kind), WalleMeter.Result(result));
        _duration.Record(duration.TotalSeconds, WalleMeter.Kind(kind));
    }
}
