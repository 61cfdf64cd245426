using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.Storage;

/// <summary>The one storage double of a test run, on the one cluster; starts when a test first asks for it.</summary>
public static class SharedStorage
{
    private static readonly Lazy<Task<StorageDouble>> Shared = new(() => Task.Run(StartAsync));

    public static Task<StorageDouble> GetAsync() => Shared.Value;

    /// <summary>Before the cluster goes: its watches end then.</summary>
    internal static async Task StopAsync()
    {
        if (Shared is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await Shared.Value).DisposeAsync();
    }

    private static async Task<StorageDouble> StartAsync()
    {
        var cluster = await TestCluster.GetAsync();
        return await StorageDouble.StartAsync(cluster.Kubernetes, cluster.Node, line => TestContext.Progress.WriteLine("[storage] " + line));
    }
}
