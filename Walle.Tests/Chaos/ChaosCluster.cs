using NUnit.Framework;
using Walle.Tests.Cluster;
using Walle.Tests.EndToEnd;
using Walle.Tests.Storage;

namespace Walle.Tests.Chaos;

/// <summary>
/// A cluster beside that of the other tests, without a controller: each test here has one of its own, for its own namespace, behind its own proxy. So
/// many can be killed side by side.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private static readonly Lazy<Task<ChaosCluster>> Shared = new(() => Task.Run(StartAsync));

    private ChaosCluster(TestCluster cluster, StorageDouble storage, WalleUnderTest walle, Inspector inspector)
    {
        Cluster = cluster;
        Storage = storage;
        Walle = walle;
        Inspector = inspector;
    }

    public TestCluster Cluster { get; }

    public StorageDouble Storage { get; }

    public WalleUnderTest Walle { get; }

    public Inspector Inspector { get; }

    public static Task<ChaosCluster> GetAsync() => Shared.Value;

    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    internal static async Task StopSharedAsync()
    {
        if (Shared is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await Shared.Value.Result.DisposeAsync();
    }

    private static async Task<ChaosCluster> StartAsync()
    {
        var cluster = await TestCluster.StartAsync(line => TestContext.Progress.WriteLine("[chaos] " + line));
        var storage = await StorageDouble.StartAsync(cluster.Kubernetes, cluster.Node, line => TestContext.Progress.WriteLine("[chaos storage] " + line));
        var walle = await WalleUnderTest.PrepareAsync(cluster);
        await cluster.LoadToolboxAsync();
        return new ChaosCluster(cluster, storage, walle, await Inspector.StartAsync(cluster, walle.Repositories));
    }
}
