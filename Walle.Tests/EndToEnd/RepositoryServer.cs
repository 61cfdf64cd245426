using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Walle.Tests.Cluster;

namespace Walle.Tests.EndToEnd;

/// <summary>restic's REST server in a Pod, with its data in a folder of the node; each test has a repository of its own in it.</summary>
public sealed class RepositoryServer
{
    private const string ServerNamespace = "walle-repositories";
    private const string Image = "walle/rest-server:dev";
    private const string Root = "/var/lib/walle-repositories";
    private readonly TestCluster _cluster;
    private readonly string _podIp;

    private RepositoryServer(TestCluster cluster, string folder, string podIp)
    {
        _cluster = cluster;
        Folder = folder;
        _podIp = podIp;
    }

    /// <summary>The folder in the node that holds this server's repositories.</summary>
    public string Folder { get; }

    public string UrlOf(string repository) => $"rest:http://{_podIp}:8000/{repository}/";

    /// <param name="tmpfsSize">Put the data on a file system of this size ("24m"): a storage that gets full.</param>
    public static async Task<RepositoryServer> StartAsync(TestCluster cluster, string name, string? tmpfsSize = null)
    {
        await cluster.LoadImageAsync(Image);
        await CreateNamespaceAsync(cluster);
        await cluster.Node.RunAsync("mkdir", "-p", $"{Root}/{name}");
        if (tmpfsSize is not null)
            await cluster.Node.RunAsync("mount", "-t", "tmpfs", "-o", $"size={tmpfsSize}", "tmpfs", $"{Root}/{name}");
        await cluster.Node.RunAsync("chown", "65532:65532", $"{Root}/{name}");
        await cluster.Kubernetes.CoreV1.CreateNamespacedPodAsync(Pod(name, $"{Root}/{name}"), ServerNamespace);
        return new RepositoryServer(cluster, $"{Root}/{name}", await ReadyIpAsync(cluster, name));
    }

    /// <summary>Another server for the same repositories, through which nothing but locks can be deleted.</summary>
    public async Task<RepositoryServer> StartAppendOnlyAsync(string name)
    {
        await _cluster.Kubernetes.CoreV1.CreateNamespacedPodAsync(Pod(name, Folder, "--append-only"), ServerNamespace);
        return new RepositoryServer(_cluster, Folder, await ReadyIpAsync(_cluster, name));
    }

    private static V1Pod Pod(string name, string folder, params string[] arguments) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1PodSpec
        {
            AutomountServiceAccountToken = false,
            Containers =
            [
                new V1Container
                {
                    Name = "server",
                    Image = Image,
                    ImagePullPolicy = "Never",
                    Args = arguments,
                    VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }],
                    ReadinessProbe = new V1Probe { TcpSocket = new V1TCPSocketAction { Port = 8000 }, PeriodSeconds = 1 },
                },
            ],
            Volumes = [new V1Volume { Name = "data", HostPath = new V1HostPathVolumeSource { Path = folder, Type = "Directory" } }],
        },
    };

    private static async Task CreateNamespaceAsync(TestCluster cluster)
    {
        try
        {
            await cluster.Kubernetes.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = ServerNamespace } });
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            // Another server's test was faster.
        }

        await Patience.UntilAsync(
            async () => (await cluster.Kubernetes.CoreV1.ListNamespacedServiceAccountAsync(ServerNamespace)).Items.Any(account => account.Secrets is { Count: > 0 } || !cluster.MakesTokenSecrets),
            TimeSpan.FromSeconds(60), () => $"namespace {ServerNamespace} has no ServiceAccount");
    }

    private static async Task<string> ReadyIpAsync(TestCluster cluster, string name)
    {
        V1Pod? pod = null;
        await Patience.UntilAsync(
            async () =>
            {
                pod = await cluster.Kubernetes.CoreV1.ReadNamespacedPodAsync(name, ServerNamespace);
                return pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;
            },
            TimeSpan.FromSeconds(90), () => $"the repository server is not ready: {KubernetesJson.Serialize(pod?.Status)}");
        return pod!.Status.PodIP;
    }
}
