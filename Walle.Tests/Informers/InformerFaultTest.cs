using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Walle.Controller.Diagnostics;
using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;
using Walle.Tests.Cluster;

namespace Walle.Tests.Informers;

/// <summary>An informer whose line to the real API server can be broken.</summary>
public abstract class InformerFaultTest : ClusterTest
{
    private readonly CancellationTokenSource _stop = new();
    private readonly InformerMetrics _metrics = new(WalleMeter.Create());
    private k8s.Kubernetes? _client;
    private Task _run = Task.CompletedTask;

    private protected TcpProxy Proxy { get; private set; } = null!;

    private protected Informer<ClaimProjection> Informer { get; private set; } = null!;

    private protected ChangeLog<ClaimProjection> Changes { get; private set; } = null!;

    private protected WatchRestarts Watches { get; private set; } = null!;

    [TearDown]
    public async Task StopInformerAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _client?.Dispose();
        Watches?.Dispose();
        if (Proxy is not null)
            await Proxy.DisposeAsync();
    }

    /// <summary>Starts an informer that goes through the proxy, and waits until it is synced. A claim's decoder reads any kind's metadata.</summary>
    private protected async Task StartAsync(ResourcePath path)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(Cluster.Kubeconfig);
        Proxy = new TcpProxy(new Uri(configuration.Host));
        configuration.Host = $"https://127.0.0.1:{Proxy.Port}";
        configuration.SkipTlsVerify = true;
        // As the factory's, but with less patience.
        configuration.FirstMessageHandlerSetup = handler =>
            (handler.ConnectTimeout, handler.KeepAlivePingDelay, handler.KeepAlivePingTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        _client = new k8s.Kubernetes(configuration);
        Watches = new WatchRestarts(Namespace);
        // The namespace as kind: other tests count in the same meter.
        var source = new HttpListerWatcher<ClaimProjection>(Namespace, new ApiConnection(_client), path, Namespace, null, new ClaimDecoder(), _metrics, TimeProvider.System, NullLogger.Instance);
        Informer = new Informer<ClaimProjection>(Namespace, source, [], InformerOptions.Default, _metrics, TimeProvider.System, Random.Shared, NullLogger.Instance);
        Changes = new ChangeLog<ClaimProjection>(Informer);
        _run = Informer.RunAsync(_stop.Token);
        await Informer.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        await Watches.NextListAsync();
    }

    private protected Task CreateClaimAsync(string name) => Kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(
        new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1PersistentVolumeClaimSpec
            {
                AccessModes = ["ReadWriteOnce"],
                StorageClassName = "none",
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
            },
        },
        Namespace);

    private protected Task DeleteClaimAsync(string name) => Kubernetes.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync(name, Namespace);
}
