using System.Diagnostics;
using System.Globalization;
using DotNet.Testcontainers.Containers;
using k8s;
using NUnit.Framework;

namespace Walle.Tests.Cluster;

/// <summary>The one real Kubernetes of a test run: a K3s container, started on first use, gone at the end of the run.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    private static readonly Lazy<Task<TestCluster>> Shared = new(() => Task.Run(() => StartAsync(TestContext.Progress.WriteLine)));

    private readonly IContainer _container;
    private readonly Action<string> _progress;
    private readonly DirectoryInfo _files;
    private readonly NodeImages _images;

    private TestCluster(IContainer container, IKubernetes kubernetes, DirectoryInfo files, Action<string> progress)
    {
        _container = container;
        _files = files;
        _progress = progress;
        _images = new NodeImages(container, progress);
        Kubernetes = kubernetes;
        Node = new NodeShell(container);
    }

    /// <summary>The cluster that <see cref="GetAsync"/> has started.</summary>
    public static TestCluster Current => Shared is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
        ? Shared.Value.Result
        : throw new InvalidOperationException("the cluster is not started yet: await TestCluster.GetAsync() first, or derive from ClusterTest");

    /// <summary>One client for everybody, as the cluster's admin.</summary>
    public IKubernetes Kubernetes { get; }

    /// <summary>The path of the admin's kubeconfig.</summary>
    public string Kubeconfig => KubeconfigIn(_files);

    public NodeShell Node { get; }

    /// <summary>The node's container, as Docker knows it.</summary>
    public string NodeId => _container.Id;

    /// <summary>Before 1.24 every ServiceAccount gets a Secret with a token, and Pods are refused until it is there.</summary>
    public bool MakesTokenSecrets { get; private init; }

    /// <summary>Starts the cluster, or waits for the start that is under way.</summary>
    public static Task<TestCluster> GetAsync() => Shared.Value;

    /// <summary>A cluster of the caller's own (the demo). Tests share <see cref="GetAsync"/>'s.</summary>
    public static async Task<TestCluster> StartAsync(Action<string> progress)
    {
        var clock = Stopwatch.StartNew();
        void Say(string line) => progress(string.Create(CultureInfo.InvariantCulture, $"[cluster {clock.Elapsed.TotalSeconds,4:0} s] {line}"));
        await DockerEngine.PrepareAsync(Say);
        var image = (await HostCommand.RunAsync(RepositoryRoot.Combine("hack", "cluster", "image"), [], Say)).Trim();
        Say($"starting Kubernetes from {image}");
        var files = Directory.CreateTempSubdirectory("walle-cluster-");
        var container = await NodeContainer.StartAsync(image, files);
        try
        {
            await File.WriteAllTextAsync(KubeconfigIn(files), await container.GetKubeconfigAsync());
            var client = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(KubeconfigIn(files)));
            var version = await client.Version.GetCodeAsync();
            var cluster = new TestCluster(container, client, files, Say) { MakesTokenSecrets = MinorOf(version) < 24 };
            await cluster.Node.RunAsync("sh", "-c", NodeContainer.MakeLoopDevices);
            await ClusterCrds.ApplyAsync(cluster.Kubeconfig, hasCel: MinorOf(version) >= 25, Say);
            Say($"Kubernetes {version.GitVersion} is ready; kubeconfig: {cluster.Kubeconfig}");
            return cluster;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>Copies an image from the Docker engine into the node, once per cluster; walle/worker:dev and its like are built first if need be.</summary>
    public Task LoadImageAsync(string image) => _images.LoadAsync(image);

    /// <summary>Builds one of the images of hack/images (worker, controller, rest-server) if its sources changed, and loads it; its name.</summary>
    public async Task<string> LoadProjectImageAsync(string name)
    {
        var image = $"walle/{name}:dev";
        await LoadImageAsync(image);
        return image;
    }

    /// <summary>A small image with a shell (busybox), in the node; its name. For the workloads of tests: `imagePullPolicy: Never`.</summary>
    public Task<string> LoadToolboxAsync() => _images.BuildAndLoadAsync("hack/cluster/toolbox");

    /// <summary>Stops every process of the node where it is, the API server's included. Tests that do this are NonParallelizable.</summary>
    public Task PauseAsync() => _container.PauseAsync();

    public Task UnpauseAsync() => _container.UnpauseAsync();

    /// <summary>What the API server was asked so far: one audit.k8s.io/v1 Event as JSON a line.</summary>
    public Task<string> ReadAuditLogAsync() => Node.RunAsync("cat", NodeContainer.AuditLog);

    public async ValueTask DisposeAsync()
    {
        Kubernetes.Dispose();
        await _container.DisposeAsync();
        _files.Delete(recursive: true);
        _progress("stopped");
    }

    /// <summary>Ends the shared cluster, if one was ever asked for.</summary>
    internal static async Task StopSharedAsync()
    {
        if (Shared is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await Current.DisposeAsync();
    }

    // A server built by hand may leave `minor` empty; `gitVersion` (v1.20.2, v1.34.1+k3s1) is always there.
    private static int MinorOf(k8s.Models.VersionInfo version) => int.Parse(version.GitVersion.Split('.')[1], CultureInfo.InvariantCulture);

    private static string KubeconfigIn(DirectoryInfo files) => Path.Combine(files.FullName, "kubeconfig");
}
