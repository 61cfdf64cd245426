using System.Runtime.InteropServices;
using Walle.Tests.Storage;

namespace Walle.Tests.Cluster;

/// <summary>
/// The tests' cluster and storage as a program, for the demo and for trying things by hand:
/// <c>dotnet run --project Walle.Tests -- cluster [IMAGE...]</c> prints `kubeconfig FILE`, `node CONTAINER` and `ready`, and runs until it is interrupted.
/// </summary>
internal static class ClusterProgram
{
    public static async Task<int> RunAsync(IReadOnlyList<string> images)
    {
        if (images.FirstOrDefault(image => image.StartsWith('-')) is { } option)
        {
            await Console.Error.WriteLineAsync($"cluster: unknown option {option}\nusage: cluster [IMAGE...]    the images to load into the node, for example walle/worker:dev");
            return 2;
        }

        var stopped = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stopped));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stopped));
        await using var cluster = await TestCluster.StartAsync(Console.Error.WriteLine);
        await using var storage = await StorageDouble.StartAsync(cluster.Kubernetes, cluster.Node, line => Console.Error.WriteLine("[storage] " + line));
        await Task.WhenAll(images.Select(cluster.LoadImageAsync));
        Console.WriteLine($"kubeconfig {cluster.Kubeconfig}\nnode {cluster.NodeId}\nready");
        await stopped.Task;
        return 0;
    }

    private static void Stop(PosixSignalContext context, TaskCompletionSource stopped)
    {
        context.Cancel = true;
        stopped.TrySetResult();
    }
}
