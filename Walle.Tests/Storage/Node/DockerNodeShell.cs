using Walle.Tests.Cluster;

namespace Walle.Tests.Storage;

/// <summary>The node is a container of the local Docker engine.</summary>
public sealed class DockerNodeShell(string container) : INodeShell
{
    public Task<string> RunAsync(params string[] argv) => HostCommand.RunAsync("docker", ["exec", container, .. argv]);

    public Task CopyProgramAsync(string hostPath, string nodePath) => HostCommand.RunAsync("docker", ["cp", "--follow-link", hostPath, $"{container}:{nodePath}"]);
}
