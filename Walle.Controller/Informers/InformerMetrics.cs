using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Walle.Controller.Diagnostics;

namespace Walle.Controller.Informers;

/// <summary>Metrics of all informers, by kind.</summary>
internal sealed class InformerMetrics
{
    private readonly ConcurrentDictionary<string, IInformer> _informers = new();
    private readonly Counter<long> _watchRestarts;
    private readonly Counter<long> _relists;
    private readonly Counter<long> _decodeErrors;
    private readonly Counter<long> _handlerErrors;

    public InformerMetrics(Meter meter)
    {
        _watchRestarts = meter.CreateCounter<long>("walle_informer_watch_restarts", description: "Watches that ended, by failure (closed is normal).");
        _relists = meter.CreateCounter<long>("walle_informer_relists", description: "Whole lists read.");
        _decodeErrors = meter.CreateCounter<long>("walle_informer_decode_errors", description: "Objects or events that could not be read.");
        _handlerErrors = meter.CreateCounter<long>("walle_informer_handler_errors", description: "Exceptions of event handlers: bugs.");
        meter.CreateObservableGauge("walle_informer_last_event_age_seconds", () => Observe(informer => informer.LastEventAge.TotalSeconds), description: "Time since the API server last said anything.");
        meter.CreateObservableGauge("walle_informer_objects", () => Observe(informer => (long)informer.Count), description: "Objects in the store.");
        meter.CreateObservableGauge("walle_informer_synced", () => Observe(informer => informer.HasSynced ? 1 : 0), description: "1 when the whole list has been seen.");
    }

    public void Register(IInformer informer) => _informers[informer.Kind] = informer;

    public void WatchRestarted(string kind, ListWatchFailure failure) =>
        _watchRestarts.Add(1, WalleMeter.Kind(kind), new("reason", failure.ToString()));

    public void Relisted(string kind) => _relists.Add(1, WalleMeter.Kind(kind));

    public void DecodeFailed(string kind) => _decodeErrors.Add(1, WalleMeter.Kind(kind));

    public void HandlerFailed(string kind) => _handlerErrors.Add(1, WalleMeter.Kind(kind));

    private IEnumerable<Measurement<TValue>> Observe<TValue>(Func<IInformer, TValue> value)
        where TValue : struct =>
        _informers.Values.Select(informer => new Measurement<TValue>(value(informer), WalleMeter.Kind(informer.Kind)));
}
