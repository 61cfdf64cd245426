using System.Diagnostics.Metrics;

namespace Walle.Tests.Informers;

/// <summary>Waits for counters of one kind: how a test knows that a watch has failed without sleeping. It also shows that the metrics are there.</summary>
internal sealed class WatchRestarts : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MeterListener _listener = new();
    private readonly SemaphoreSlim _restarted = new(0);
    private readonly SemaphoreSlim _relisted = new(0);

    public WatchRestarts(string kind)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Walle")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (!tags.Contains(new KeyValuePair<string, object?>("kind", kind)))
                return;
            if (instrument.Name == "walle_informer_watch_restarts")
                _restarted.Release((int)value);
            else if (instrument.Name == "walle_informer_relists")
                _relisted.Release((int)value);
        });
        _listener.Start();
    }

    public Task NextRestartAsync() => WaitAsync(_restarted, "the watch has not ended");

    public Task NextListAsync() => WaitAsync(_relisted, "no list was read");

    /// <summary>Lists read that nobody has waited for.</summary>
    public int MoreLists => _relisted.CurrentCount;

    public void Dispose() => _listener.Dispose();

    private static async Task WaitAsync(SemaphoreSlim semaphore, string otherwise)
    {
        if (!await semaphore.WaitAsync(Patience))
            throw new TimeoutException(otherwise);
    }
}
