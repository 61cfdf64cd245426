using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using k8s;
using Walle.Controller.Kubernetes;
using Walle.Tests.Cluster;

namespace Walle.Tests.Bench;

/// <summary>The informer over many claims on a real API server, against curl of the same list in the same run, turn by turn.</summary>
internal static class InformerBench
{
    private const string Namespace = "walle-bench";
    private const double MegaByte = 1_000_000;
    private const double GoalMegaBytes = 15;
    private const double GoalRatio = 1.5;

    public static async Task<int> RunAsync(InformerBenchOptions options)
    {
        if (options.Kubeconfig is { } kubeconfig)
            return await RunAsync(options, kubeconfig);
        await using var cluster = await TestCluster.StartAsync(Say);
        return await RunAsync(options, cluster.Kubeconfig);
    }

    private static async Task<int> RunAsync(InformerBenchOptions options, string kubeconfig)
    {
        using var client = KubernetesClientFactory.Create(kubeconfig, null);
        await BenchClaims.EnsureAsync(client, Namespace, options.Count, Say);
        using var curl = new CurlFloor(client, kubeconfig, Namespace);
        var informers = new List<InformerBenchResult>();
        var floors = new List<double>();
        // The first round warms the server and the page cache and is thrown away.
        for (var i = 0; i <= options.Repeats; i++)
        {
            var floor = await curl.RunAsync();
            var informer = await RunChildAsync(kubeconfig);
            Say(string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? "warm-up" : $"round {i}")}: curl {floor:0.000} s, informer {informer.Synced:0.000} s, RssAnon +{(informer.AnonymousSettled - informer.AnonymousBefore) / MegaByte:0.0} MB"));
            if (informer.Count < options.Count)
                throw new InvalidOperationException($"the informer has {informer.Count} of {options.Count} claims");
            if (i == 0)
                continue;
            floors.Add(floor);
            informers.Add(informer);
        }
        var version = await client.Version.GetCodeAsync();
        var report = new InformerBenchReport(
            Server: version.GitVersion,
            Runtime: Environment.Version.ToString(),
            Client: KubernetesClientFactory.UserAgent,
            Curl: (await OutputAsync("curl", "--version")).Split('\n')[0],
            Load: (await File.ReadAllTextAsync("/proc/loadavg")).Trim(),
            Objects: informers[0].Count,
            BytesPerObjectOnTheWire: (double)curl.Bytes / informers[0].Count,
            CurlSeconds: Spread.Of(floors),
            SyncSeconds: Spread.Of(informers.Select(run => run.Synced)),
            Ratio: Spread.Of(informers.Zip(floors, (run, floor) => run.Synced / floor)),
            CpuSeconds: Spread.Of(informers.Select(run => run.Cpu)),
            AnonymousBeforeMegaBytes: Spread.Of(informers.Select(run => run.AnonymousBefore / MegaByte)),
            AnonymousGrowthMegaBytes: Spread.Of(informers.Select(run => (run.AnonymousSettled - run.AnonymousBefore) / MegaByte)),
            AnonymousGrowthAtSyncMegaBytes: Spread.Of(informers.Select(run => (run.AnonymousAtSync - run.AnonymousBefore) / MegaByte)),
            PeakResidentMegaBytes: Spread.Of(informers.Select(run => run.PeakResident / MegaByte)),
            BytesPerObjectInTheStore: Spread.Of(informers.Select(run => (double)run.HeapGrowth / run.Count)),
            Collections: informers[^1].Collections);
        report.Print(GoalMegaBytes, GoalRatio);
        var json = JsonSerializer.Serialize(report);
        Console.WriteLine(json);
        if (options.Json is { } file)
            await File.WriteAllTextAsync(file, json + "\n");
        return report.AnonymousGrowthMegaBytes.Median <= GoalMegaBytes && report.Ratio.Median <= GoalRatio ? 0 : 1;
    }

    /// <summary>With the controller's own runtimeconfig.json, so that its settings of the garbage collector are what is measured.</summary>
    private static async Task<InformerBenchResult> RunChildAsync(string kubeconfig)
    {
        var folder = AppContext.BaseDirectory;
        string[] arguments =
        [
            "exec", "--runtimeconfig", Path.Combine(folder, "Walle.Controller.runtimeconfig.json"), "--depsfile", Path.Combine(folder, "Walle.Tests.deps.json"),
            Path.Combine(folder, "Walle.Tests.dll"), "bench", InformerBenchChild.Verb, kubeconfig, Namespace,
        ];
        return JsonSerializer.Deserialize<InformerBenchResult>(await OutputAsync("dotnet", arguments))!;
    }

    private static async Task<string> OutputAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command} ended with exit code {process.ExitCode}");
    }

    private static void Say(string line) => Console.Error.WriteLine(line);
}
