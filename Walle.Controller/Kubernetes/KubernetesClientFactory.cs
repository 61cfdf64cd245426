using System.Net;
using k8s;

namespace Walle.Controller.Kubernetes;

/// <summary>
/// Makes the one client of the process. A client per call would pile up handlers and certificates (kubernetes-client/csharp issues 840, 1539);
/// the library's own defaults have neither a connect timeout nor a connection lifetime (issues 279, 545).
/// </summary>
internal static class KubernetesClientFactory
{
    /// <summary>A server that vanished without a word is noticed after delay + timeout, also by a watch on which nothing happens.</summary>
    private static readonly TimeSpan KeepAliveDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>New requests leave an old connection after this time, so that load spreads again over API servers behind one name.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(15);

    /// <param name="kubeconfig">Path of a kubeconfig; null: in a cluster the Pod's service account, elsewhere $KUBECONFIG or ~/.kube/config.</param>
    /// <param name="context">Context in the kubeconfig; null: its current one.</param>
    /// <param name="handlers">Put around every request of the client, list and watch included; the first is outermost.</param>
    public static k8s.Kubernetes Create(string? kubeconfig, string? context, params DelegatingHandler[] handlers) =>
        Create(LoadConfiguration(kubeconfig, context), handlers);

    public static k8s.Kubernetes Create(KubernetesClientConfiguration configuration, params DelegatingHandler[] handlers)
    {
        configuration.UserAgent = UserAgent;
        configuration.FirstMessageHandlerSetup = Configure;
        return new k8s.Kubernetes(configuration, handlers);
    }

    /// <summary>Distinguishes Walle in the API server's audit log and metrics.</summary>
    public static string UserAgent { get; } =
        $"walle-controller/{typeof(KubernetesClientFactory).Assembly.GetName().Version?.ToString(3) ?? "0"}";

    private static KubernetesClientConfiguration LoadConfiguration(string? kubeconfig, string? context)
    {
        if (kubeconfig is null && context is null && KubernetesClientConfiguration.IsInCluster())
            return KubernetesClientConfiguration.InClusterConfig();
        // The library looks at $KUBECONFIG only in BuildDefaultConfig, which takes no context; of a list it is the first file, as it is there.
        var path = kubeconfig ?? Environment.GetEnvironmentVariable("KUBECONFIG")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return KubernetesClientConfiguration.BuildConfigFromConfigFile(path, context);
    }

    private static void Configure(SocketsHttpHandler handler)
    {
        handler.ConnectTimeout = ConnectTimeout;
        handler.PooledConnectionLifetime = ConnectionLifetime;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.KeepAlivePingDelay = KeepAliveDelay;
        handler.KeepAlivePingTimeout = KeepAliveTimeout;
        handler.EnableMultipleHttp2Connections = true;
        // Compressing costs both sides more than the bytes on a cluster's network do.
        handler.AutomaticDecompression = DecompressionMethods.None;
    }
}
