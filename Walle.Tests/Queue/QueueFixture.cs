using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Walle.Controller.Queue;

namespace Walle.Tests.Queue;

/// <summary>A clock, a Meter and the three layers on top of them, for tests.</summary>
internal sealed class QueueFixture : IDisposable
{
    public QueueFixture() => Metrics = new QueueMetrics<string>(Meter, Time, item => item.Split('/')[0]);

    public FakeTimeProvider Time { get; } = new();

    public Meter Meter { get; } = new("Walle");

    public QueueMetrics<string> Metrics { get; }

    public WorkQueue<string> WorkQueue() => new(Metrics, item => item.Split('/')[0]);

    public DelayingQueue<string> Delaying(WorkQueue<string> ready) => new(ready, Time);

    public RateLimitingQueue<string> RateLimiting(RateLimitingQueueOptions? options = null) => new(options ?? new(), Time, Metrics, item => item.Split('/')[0]);

    public void Dispose() => Meter.Dispose();
}
