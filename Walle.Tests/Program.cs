using Walle.Tests.Bench;
using Walle.Tests.Chaos.Report;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

const string Usage = "usage: Walle.Tests cluster [IMAGE...]  |  storage --node CONTAINER [--kubeconfig FILE]  |  bench informer|worker|schedules [...]  |  reliability [collect]    (tests: dotnet test)";
switch (args)
{
    case ["cluster", .. var images]:
        return await ClusterProgram.RunAsync(images);
    case ["storage", .. var options]:
        return await StorageProgram.RunAsync(options);
    case ["bench", .. var options]:
        return await BenchProgram.RunAsync(options);
    case ["reliability"]:
        return await ReliabilityProgram.RunAsync(collect: false);
    case ["reliability", "collect"]:
        return await ReliabilityProgram.RunAsync(collect: true);
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}
