namespace Walle.Tests.Bench;

/// <summary><c>dotnet run -c Release --project Walle.Tests -- bench ...</c></summary>
internal static class BenchProgram
{
    private const string Usage = "usage: bench informer [--kubeconfig FILE] [--count N] [--repeats N] [--json FILE]    (without a kubeconfig: a cluster of its own)  |  bench worker [MIB] [PROGRAM]  |  bench schedules [--count N] [--seconds N]";

    public static async Task<int> RunAsync(string[] arguments)
    {
        // The child of the bench: its process holds the controller's informer and nothing else.
        if (arguments is [InformerBenchChild.Verb, var kubeconfig, var ns])
            return await InformerBenchChild.RunAsync(kubeconfig, ns);
        if (arguments is ["worker", .. var workerOptions])
            return await WorkerBenchmark.RunAsync(workerOptions);
        if (arguments is ["schedules", .. var scheduleOptions] && ScheduleBenchOptions.Parse(scheduleOptions) is { } schedules)
            return await ScheduleBench.RunAsync(schedules);
        if (arguments is not ["informer", .. var options] || InformerBenchOptions.Parse(options) is not { } parsed)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        return await InformerBench.RunAsync(parsed);
    }
}
