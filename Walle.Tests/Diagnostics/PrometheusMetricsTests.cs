using System.Diagnostics.Metrics;
using NUnit.Framework;
using Walle.Controller.Diagnostics;

namespace Walle.Tests.Diagnostics;

internal sealed class PrometheusMetricsTests
{
    private Meter _meter = null!;
    private PrometheusMetrics _metrics = null!;

    [SetUp]
    public void SetUp()
    {
        var name = $"test-{TestContext.CurrentContext.Test.ID}";
        _meter = new Meter(name);
        _metrics = new PrometheusMetrics(name);
    }

    [TearDown]
    public void TearDown()
    {
        _metrics.Dispose();
        _meter.Dispose();
    }

    [Test]
    public void Counter_BySeries_AddsUp()
    {
        var counter = _meter.CreateCounter<long>("walle_reconcile", description: "Reconciles.");
        counter.Add(1, WalleMeter.Kind("Job"), WalleMeter.Result("success"));
        counter.Add(2, WalleMeter.Kind("Job"), WalleMeter.Result("success"));
        counter.Add(1, WalleMeter.Kind("Job"), WalleMeter.Result("error"));
        Assert.That(_metrics.Write(), Is.EqualTo(
            """
            # HELP walle_reconcile_total Reconciles.
            # TYPE walle_reconcile_total counter
            walle_reconcile_total{kind="Job",result="error"} 1
            walle_reconcile_total{kind="Job",result="success"} 3

            """));
    }

    [Test]
    public void Histogram_WritesCumulativeBuckets()
    {
        var histogram = _meter.CreateHistogram("walle_work", "s", null, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var seconds in new[] { 0.05, 0.1, 0.5, 7 })
            histogram.Record(seconds, WalleMeter.Kind("Job"));
        Assert.That(_metrics.Write(), Is.EqualTo(
            """
            # TYPE walle_work_seconds histogram
            walle_work_seconds_bucket{kind="Job",le="0.1"} 2
            walle_work_seconds_bucket{kind="Job",le="1"} 3
            walle_work_seconds_bucket{kind="Job",le="+Inf"} 4
            walle_work_seconds_sum{kind="Job"} 7.65
            walle_work_seconds_count{kind="Job"} 4

            """));
    }

    [Test]
    public void Gauges_KeepTheLastValue_AndUpDownCountersTheSum()
    {
        _meter.CreateUpDownCounter<long>("walle_in_flight").Add(2);
        _meter.CreateUpDownCounter<long>("walle_in_flight").Add(-1);
        var gauge = _meter.CreateGauge<double>("walle_ratio");
        gauge.Record(0.25);
        gauge.Record(0.5);
        Assert.That(_metrics.Write(), Does.Contain("walle_in_flight 1\n").And.Contain("walle_ratio 0.5\n").And.Contain("# TYPE walle_in_flight gauge"));
    }

    /// <summary>A PersistentVolumeClaim that is gone must not be reported for ever; and there are more of them than 2000.</summary>
    [Test]
    public void ObservedGauge_WritesWhatIsTrueNow()
    {
        var count = 20_000;
        _meter.CreateObservableGauge("walle_pvc_timestamp_seconds", () => Enumerable.Range(0, count).Select(i => new Measurement<long>(i, new KeyValuePair<string, object?>("pvc", i))), unit: "s");
        Assert.That(_metrics.Write().Split('\n').Count(line => line.StartsWith("walle_pvc_timestamp_seconds{", StringComparison.Ordinal)), Is.EqualTo(20_000));
        count = 1;
        Assert.That(_metrics.Write(), Is.EqualTo("# TYPE walle_pvc_timestamp_seconds gauge\nwalle_pvc_timestamp_seconds{pvc=\"0\"} 0\n"));
        count = 0;
        Assert.That(_metrics.Write(), Is.Empty);
    }

    [Test]
    public void ObservedCounter_IsNotAddedUp()
    {
        var total = 5L;
        _meter.CreateObservableCounter("walle_bytes", () => total, "By");
        _metrics.Write();
        Assert.That(_metrics.Write(), Does.Contain("walle_bytes_total 5\n"));
    }

    [Test]
    public void Labels_AreEscaped()
    {
        _meter.CreateCounter<int>("walle_x").Add(1, new KeyValuePair<string, object?>("a.b", "q\"b\\n\n"));
        Assert.That(_metrics.Write(), Does.Contain("""walle_x_total{a_b="q\"b\\n\n"} 1"""));
    }

    [Test]
    public void OtherMeters_AreNotHeard()
    {
        using var other = new Meter("other");
        other.CreateCounter<int>("x").Add(1);
        Assert.That(_metrics.Write(), Is.Empty);
    }

    [Test]
    public async Task Write_WhileRecording_LosesNothing()
    {
        var counter = _meter.CreateCounter<long>("walle_x");
        _meter.CreateObservableGauge("walle_y", () => 1);
        var recording = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
                counter.Add(1, WalleMeter.Kind("Job"));
        })));
        while (!recording.IsCompleted)
            Assert.That(_metrics.Write(), Does.Contain("walle_y 1\n"));
        await recording;
        Assert.That(_metrics.Write(), Does.Contain("walle_x_total{kind=\"Job\"} 40000\n"));
    }
}
