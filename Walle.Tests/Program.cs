using Walle.Tests.Cluster;
using Walle.Tests.Storage;

const string Usage = "usage: Walle.Tests cluster [IMAGE...]  |  storage --node CONTAINER [--kubeconfig FILE]    (tests: dotnet test)";
switch (args)
{
    case ["cluster", .. var images]:
        return await ClusterProgram.RunAsync(images);
    case ["storage", .. var options]:
        return await StorageProgram.RunAsync(options);
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}
