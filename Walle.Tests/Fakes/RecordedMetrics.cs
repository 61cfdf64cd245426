using System.Diagnostics.Metrics;

namespace Walle.Tests.Fakes;

/// <summary>Listens to one Meter and keeps what it said: the sum of counters and histograms, the last value of gauges, by name and labels.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _values = [];
    private readonly Lock _lock = new();

    public RecordedMetrics(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Record(instrument, value, labels));
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Record(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Record(instrument, value, labels));
        _listener.Start();
    }

    /// <summary>For example <c>walle_workqueue_adds{kind=BackupJob}</c>; null when never recorded.</summary>
    public double? this[string series]
    {
        get
        {
            _listener.RecordObservableInstruments();
            lock (_lock)
                return _values.TryGetValue(series, out var value) ? value : null;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var series = instrument.Name;
        if (labels.Length > 0)
            series += "{" + string.Join(",", labels.ToArray().Select(label => $"{label.Key}={label.Value}")) + "}";
        lock (_lock)
            _values[series] = instrument.IsObservable ? value : _values.GetValueOrDefault(series) + value;
    }
}
