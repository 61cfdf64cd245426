using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Walle.Controller.Diagnostics;
using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections.Decoding;

namespace Walle.Tests.Bench;

/// <summary>One informer of claims in a process of its own, run with the controller's runtime settings; prints one JSON line.</summary>
internal static class InformerBenchChild
{
    public const string Verb = "informer-child";

    /// <summary>Long enough for what the sync left behind to settle.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string kubeconfig, string ns)
    {
        // What any controller has before its informers start: the client and its configuration.
        using var client = KubernetesClientFactory.Create(kubeconfig, null);
        using var meter = WalleMeter.Create();
        var factory = new InformerFactory(new ApiConnection(client), ns, InformerOptions.Default, new InformerMetrics(meter), TimeProvider.System, NullLoggerFactory.Instance);
        var informer = factory.Create("PersistentVolumeClaim", new ResourcePath("", "v1", "persistentvolumeclaims"), null, new ClaimDecoder());
        var heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        var before = ProcessMemory.Read();
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var run = informer.RunAsync(stop.Token);
        await informer.WaitForSyncAsync(CancellationToken.None);
        var synced = clock.Elapsed;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var atSync = ProcessMemory.Read();
        await Task.Delay(Settling, TimeProvider.System, CancellationToken.None);
        var settled = ProcessMemory.Read();
        var collections = GC.CollectionCount(0);
        var heapAfter = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine(JsonSerializer.Serialize(new InformerBenchResult(
            informer.Count, synced.TotalSeconds, cpu.TotalSeconds, before.Anonymous, atSync.Anonymous, settled.Anonymous, settled.PeakResident, heapAfter - heapBefore, collections)));
        await stop.CancelAsync();
        await run;
        return 0;
    }
}
