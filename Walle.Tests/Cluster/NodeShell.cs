using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using Walle.Tests.Storage;

namespace Walle.Tests.Cluster;

/// <summary>Commands in the node's container: the same mount namespace as the kubelet's, as root.</summary>
public sealed class NodeShell(IContainer container) : INodeShell
{
    private const UnixFileModes Executable = UnixFileModes.UserRead | UnixFileModes.UserWrite | UnixFileModes.UserExecute
        | UnixFileModes.GroupRead | UnixFileModes.GroupExecute | UnixFileModes.OtherRead | UnixFileModes.OtherExecute;

    /// <summary>The standard output; throws <see cref="CommandFailedException"/> with standard error where the command fails.</summary>
    public async Task<string> RunAsync(params string[] argv) => (await RunAllowingFailureAsync(argv)).OutputOrThrow();

    public async Task<CommandResult> RunAllowingFailureAsync(params string[] argv)
    {
        var result = await container.ExecAsync(argv);
        return new CommandResult(string.Join(' ', argv), result.ExitCode ?? -1, result.Stdout, result.Stderr);
    }

    /// <summary>Copies a program of this machine to a path in the node.</summary>
    public async Task CopyProgramAsync(string hostPath, string nodePath) =>
        await container.CopyAsync(await File.ReadAllBytesAsync(hostPath), nodePath, fileMode: Executable);
}
