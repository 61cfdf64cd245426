using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Walle.Tests.Cluster;
using Walle.Tests.Informers;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>What all end-to-end tests share: the storage double, Walle's rights, its controller as a process, and a repository server.</summary>
internal sealed class WalleUnderTest : IAsyncDisposable
{
    public const string SystemNamespace = "walle-system";
    private static readonly Lazy<Task<WalleUnderTest>> Shared = new(() => Task.Run(StartAsync));

    private readonly string _kubeconfig;

    private WalleUnderTest(string kubeconfig, ControllerProcess controller, int metricsPort, RepositoryServer repositories)
    {
        _kubeconfig = kubeconfig;
        Controller = controller;
        MetricsPort = metricsPort;
        Repositories = repositories;
    }

    public ControllerProcess Controller { get; }

    /// <summary>Of the shared controller; the others have none.</summary>
    public int MetricsPort { get; }

    public RepositoryServer Repositories { get; }

    /// <summary>A second controller beside the first, without an election: both believe that they lead.</summary>
    public async Task<ControllerProcess> StartAnotherAsync()
    {
        var other = new ControllerProcess(_kubeconfig, Settings());
        other.Start();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!other.Log.Contains("synced", StringComparison.OrdinalIgnoreCase))
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        return other;
    }

    /// <summary>A controller whose whole line to the API server goes through a proxy. The shared one must not run beside it.</summary>
    public async Task<ControllerProcess> StartThroughAsync(TcpProxy proxy)
    {
        var other = await ControllerAtAsync($"https://127.0.0.1:{proxy.Port}");
        other.Start();
        return other;
    }

    /// <summary>A controller, not started yet, that takes <paramref name="server"/> for the API server.</summary>
    /// <param name="settings">Flags that are other than those of all.</param>
    public async Task<ControllerProcess> ControllerAtAsync(string server, params IReadOnlyList<(string Flag, string Value)> settings)
    {
        var path = $"{_kubeconfig}-{new Uri(server).Port}";
        await File.WriteAllTextAsync(path, Regex.Replace(await File.ReadAllTextAsync(_kubeconfig), "server: \"[^\"]*\"", $"server: \"{server}\""));
        return new ControllerProcess(path, Settings(settings));
    }

    public static Task<WalleUnderTest> GetAsync() => Shared.Value;

    public static async Task DisposeSharedAsync()
    {
        if (Shared is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await Shared.Value).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Controller.DisposeAsync();
        var log = Path.Combine(TestContext.CurrentContext.WorkDirectory, "controller.log");
        await File.WriteAllTextAsync(log, Controller.Log);
    }

    private static async Task<WalleUnderTest> StartAsync()
    {
        var cluster = await TestCluster.GetAsync();
        await SharedStorage.GetAsync();
        var walle = await PrepareAsync(cluster);
        walle.Controller.Start();
        return walle;
    }

    /// <summary>All but a running controller, on a cluster that has the storage double.</summary>
    public static async Task<WalleUnderTest> PrepareAsync(TestCluster cluster)
    {
        await cluster.LoadImageAsync("walle/worker:dev");
        await Manifests.ApplyRightsAsync(cluster);
        var repositories = await RepositoryServer.StartAsync(cluster, "shared");
        var kubeconfig = await ControllerProcess.KubeconfigForAsync(cluster, SystemNamespace, "walle-controller");
        var metricsPort = LocalPort.Free();
        var controller = new ControllerProcess(kubeconfig, Settings(("metrics-port", metricsPort.ToString(CultureInfo.InvariantCulture))));
        return new WalleUnderTest(kubeconfig, controller, metricsPort, repositories);
    }

    private static string[] Settings(params IReadOnlyList<(string Flag, string Value)> others)
    {
        Dictionary<string, string> flags = new()
        {
            ["cluster-name"] = "test-cluster", ["worker-image"] = "walle/worker:dev", ["worker-image-pull-policy"] = "Never", ["leader-election"] = "false",
            // No usual ports: two runs on one machine would want the same.
            ["lease-namespace"] = SystemNamespace, ["metrics-port"] = "0", ["health-port"] = "0", ["log-level"] = "Debug", ["max-backups"] = "8",
        };
        foreach (var (flag, value) in others)
            flags[flag] = value;
        return [.. flags.SelectMany(flag => new[] { $"--{flag.Key}", flag.Value })];
    }
}
