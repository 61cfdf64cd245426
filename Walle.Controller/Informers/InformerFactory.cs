using Microsoft.Extensions.Logging;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;

namespace Walle.Controller.Informers;

/// <summary>Makes informers over one connection.</summary>
/// <param name="ns">The one namespace to watch; null: all.</param>
internal sealed class InformerFactory(
    ApiConnection connection,
    string? ns,
    InformerOptions options,
    InformerMetrics metrics,
    TimeProvider timeProvider,
    ILoggerFactory loggers)
{
    public Informer<T> Create<T>(string kind, ResourcePath path, string? labelSelector, IProjectionDecoder<T> decoder, params IReadOnlyList<StoreIndex<T>> indexes)
        where T : class, IProjection
    {
        var logger = loggers.CreateLogger($"Walle.Informer.{kind}");
        var source = new HttpListerWatcher<T>(kind, connection, path, ns, labelSelector, decoder, metrics, timeProvider, logger);
        return new Informer<T>(kind, source, indexes, options, metrics, timeProvider, Random.Shared, logger);
    }

    public OnDemandInformer<T> CreateOnDemand<T>(string kind, ResourcePath path, IProjectionDecoder<T> decoder, params IReadOnlyList<StoreIndex<T>> indexes)
        where T : class, IProjection
    {
        var informer = new OnDemandInformer<T>(Create(kind, path, null, decoder, indexes));
        metrics.Register(informer);
        return informer;
    }
}
