using System.Diagnostics.Metrics;
using System.Text;

namespace Walle.Controller.Diagnostics;

/// <summary>
/// Adds up what System.Diagnostics.Metrics reports and writes it in Prometheus' text format
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). Not OpenTelemetry's exporter for HttpListener: on Linux that one serves IPv4 only,
/// and its SDK drops series beyond 2000 a metric, where a gauge for each PersistentVolumeClaim needs more.
/// It must be made before the first measurement: what was counted before is not known to it.
/// </summary>
internal sealed class PrometheusMetrics : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <param name="meters">Names of the Meters to listen to; <c>System.Runtime</c> has memory, GC and thread pool.</param>
    public PrometheusMetrics(params string[] meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument, Family(instrument));
        };
        _listener.SetMeasurementEventCallback<int>((_, value, labels, family) => Record(family, value, labels));
        _listener.SetMeasurementEventCallback<long>((_, value, labels, family) => Record(family, value, labels));
        _listener.SetMeasurementEventCallback<double>((_, value, labels, family) => Record(family, value, labels));
        _listener.Start();
    }

    /// <summary>All metrics, with those asked now that are computed when asked.</summary>
    public string Write()
    {
        // One scrape at a time: between the clearing and the end of the asking, the observed values are incomplete.
        lock (_lock)
        {
            foreach (var family in _families.Values)
                family.ForgetObserved();
            _listener.RecordObservableInstruments();

            var text = new StringBuilder();
            foreach (var family in _families.Values)
                family.Write(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private MetricFamily Family(Instrument instrument)
    {
        var name = MetricFamily.NameOf(instrument);
        lock (_lock)
        {
            if (!_families.TryGetValue(name, out var family))
                _families.Add(name, family = new MetricFamily(name, instrument));
            return family;
        }
    }

    private void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        // The lock is reentrant: a scrape records what it asks for.
        lock (_lock)
            ((MetricFamily)family!).Record(value, labels);
    }
}
