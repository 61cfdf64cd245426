using System.Runtime.InteropServices;
using k8s;
using Walle.Tests.Cluster;

namespace Walle.Tests.Storage;

/// <summary>The double as a program, for the demo: <c>dotnet run --project Walle.Tests -- storage --node CONTAINER [--kubeconfig FILE]</c>. Runs until it is interrupted.</summary>
public static class StorageProgram
{
    private const int UsageError = 2;
    private const int Failure = 1;
    private const string Usage = "usage: storage --node CONTAINER [--kubeconfig FILE]";

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] is not ("--node" or "--kubeconfig") || i + 1 == args.Length)
                return await RefuseAsync(args[i] is "--node" or "--kubeconfig" ? $"{args[i]} needs a value" : $"unknown argument {args[i]}");
            options[args[i]] = args[i + 1];
        }

        if (!options.TryGetValue("--node", out var node))
            return await RefuseAsync("--node is missing: the name or id of the node's container");
        var kubeconfig = options.GetValueOrDefault("--kubeconfig") ?? Environment.GetEnvironmentVariable("KUBECONFIG");
        if (kubeconfig is not null && !File.Exists(kubeconfig))
            return await RefuseAsync($"kubeconfig {kubeconfig} does not exist");
        try
        {
            await RunAsync(node, kubeconfig);
            return 0;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"storage: {e.Message}");
            return Failure;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private static async Task RunAsync(string node, string? kubeconfig)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var kubernetes = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        await ApplyCrdsAsync(kubeconfig);
        await using var storage = await StorageDouble.StartAsync(kubernetes, new DockerNodeShell(node), Console.Error.WriteLine, stop.Token);
        Console.WriteLine("storage is ready");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static async Task ApplyCrdsAsync(string? kubeconfig)
    {
        string[] cluster = kubeconfig is null ? [] : ["--kubeconfig", kubeconfig];
        var crds = Path.Combine(AppContext.BaseDirectory, "Storage", "Crds");
        await HostCommand.RunAsync("kubectl", [.. cluster, "apply", "--server-side", "-f", crds]);
        await HostCommand.RunAsync("kubectl", [.. cluster, "wait", "--for=condition=Established", "--timeout=60s", "-f", crds]);
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    private static async Task<int> RefuseAsync(string why)
    {
        await Console.Error.WriteLineAsync($"storage: {why}\n{Usage}");
        return UsageError;
    }
}
