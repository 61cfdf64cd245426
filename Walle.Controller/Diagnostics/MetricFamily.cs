using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Walle.Controller.Diagnostics;

/// <summary>One metric with all its series. Not safe for threads: PrometheusMetrics locks.</summary>
internal sealed class MetricFamily
{
    private static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly string _name;
    private readonly string? _description;
    private readonly bool _observed;
    private readonly bool _accumulates;
    private readonly string _type;
    private readonly IReadOnlyList<double> _buckets = [];

    /// <summary>By labels as written. A histogram's values are those of its buckets, then the one without bound, then the sum.</summary>
    private readonly SortedDictionary<string, double[]> _series = new(StringComparer.Ordinal);

    public MetricFamily(string name, Instrument instrument)
    {
        _name = name;
        _description = instrument.Description;
        _observed = instrument.IsObservable;
        _type = IsHistogram(instrument) ? "histogram" : IsCounter(instrument) ? "counter" : "gauge";
        _accumulates = !_observed && Definition(instrument) != typeof(Gauge<>);
        if (_type == "histogram")
            _buckets = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? DefaultBuckets;
    }

    /// <summary>Prometheus' conventions: the unit, then _total for what only grows.</summary>
    public static string NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal))
            name += unit;
        return IsCounter(instrument) && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var key = LabelText(labels);
        if (!_series.TryGetValue(key, out var values))
            _series.Add(key, values = new double[_type == "histogram" ? _buckets.Count + 2 : 1]);

        if (_type == "histogram")
        {
            var bucket = 0;
            while (bucket < _buckets.Count && value > _buckets[bucket])
                bucket++;
            values[bucket]++;
            values[^1] += value;
        }
        else
        {
            values[0] = _accumulates ? values[0] + value : value;
        }
    }

    /// <summary>What is computed at each scrape starts from nothing, so that a series ends with what it was about.</summary>
    public void ForgetObserved()
    {
        if (_observed)
            _series.Clear();
    }

    public void Write(StringBuilder text)
    {
        if (_series.Count == 0)
            return;

        if (!string.IsNullOrEmpty(_description))
            text.Append("# HELP ").Append(_name).Append(' ').Append(_description.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(_name).Append(' ').Append(_type).Append('\n');
        foreach (var (labels, values) in _series)
        {
            if (_type == "histogram")
                WriteHistogram(text, labels, values);
            else
                Sample(text, "", labels, values[0]);
        }
    }

    private void WriteHistogram(StringBuilder text, string labels, double[] values)
    {
        var count = 0.0;
        for (var i = 0; i <= _buckets.Count; i++)
        {
            count += values[i];
            var bound = $"le=\"{(i < _buckets.Count ? Number(_buckets[i]) : "+Inf")}\"";
            Sample(text, "_bucket", labels.Length == 0 ? $"{{{bound}}}" : $"{labels[..^1]},{bound}}}", count);
        }

        Sample(text, "_sum", labels, values[^1]);
        Sample(text, "_count", labels, count);
    }

    private void Sample(StringBuilder text, string suffix, string labels, double value) =>
        text.Append(_name).Append(suffix).Append(labels).Append(' ').Append(Number(value)).Append('\n');

    private static string LabelText(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (labels.Length == 0)
            return "";

        var text = new StringBuilder("{");
        foreach (var (name, value) in labels)
        {
            var escaped = Convert.ToString(value, CultureInfo.InvariantCulture)?
                .Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
            text.Append(text.Length > 1 ? "," : "").Append(name.Replace('.', '_')).Append("=\"").Append(escaped).Append('"');
        }

        return text.Append('}').ToString();
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString(CultureInfo.InvariantCulture);

    private static bool IsHistogram(Instrument instrument) => Definition(instrument) == typeof(Histogram<>);

    private static bool IsCounter(Instrument instrument) => Definition(instrument) == typeof(Counter<>) || Definition(instrument) == typeof(ObservableCounter<>);

    private static Type Definition(Instrument instrument) => instrument.GetType().GetGenericTypeDefinition();
}
