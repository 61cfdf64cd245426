using DotNet.Testcontainers.Containers;

namespace Walle.Tests.Cluster;

/// <summary>Commands in the node's container: the same mount namespace as the kubelet's, as root.</summary>
public sealed class NodeShell(IContainer container)
{
    /// <summary>The standard output; throws <see cref="CommandFailedException"/> with standard error where the command fails.</summary>
    public async Task<string> RunAsync(params string[] argv) => (await RunAllowingFailureAsync(argv)).OutputOrThrow();

    public async Task<CommandResult> RunAllowingFailureAsync(params string[] argv)
    {
        var result = await container.ExecAsync(argv);
        return new CommandResult(string.Join(' ', argv), result.ExitCode ?? -1, result.Stdout, result.Stderr);
    }
}
