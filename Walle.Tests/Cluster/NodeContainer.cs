using DotNet.Testcontainers.Builders;
using Microsoft.Extensions.Logging.Abstractions;
using Testcontainers.K3s;

namespace Walle.Tests.Cluster;

/// <summary>The node's container, set up the same way for rancher/k3s and for the image built from Debian packages.</summary>
internal static class NodeContainer
{
    public const string AuditLog = "/var/log/kube-apiserver-audit.log";

    /// <summary>A folder on a real file system (not the image's overlay), for volumes of the storage double.</summary>
    public const string VolumesFolder = "/var/lib/walle-volumes";

    /// <summary>A privileged container gets the device nodes that existed at its start; a free loop device may have none yet.</summary>
    public const string MakeLoopDevices =
        "[ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237; i=0; while [ $i -lt 256 ]; do [ -e /dev/loop$i ] || mknod /dev/loop$i b 7 $i; i=$((i+1)); done";

    private const string AuditPolicy = "/etc/walle/audit-policy.yaml";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(5);

    public static async Task<K3sContainer> StartAsync(string image, DirectoryInfo files)
    {
        var container = new K3sBuilder(image)
            .WithLogger(NullLogger.Instance)
            .WithLabel("io.ros.walle.test-cluster", "true")
            .WithResourceMapping(new FileInfo(RepositoryRoot.Combine("Walle.Tests", "Cluster", "audit-policy.yaml")), new FileInfo(AuditPolicy))
            .WithCommand(
                "--kube-apiserver-arg=audit-policy-file=" + AuditPolicy,
                "--kube-apiserver-arg=audit-log-path=" + AuditLog,
                "--kube-apiserver-arg=audit-log-maxsize=4096")
            .WithCreateParameterModifier(parameters => (parameters.Volumes ??= new Dictionary<string, Docker.DotNet.Models.EmptyStruct>())[VolumesFolder] = default)
            // Before the wait for Kubernetes, which is most of the start.
            .WithStartupCallback((created, _) =>
            {
                ContainerReaper.Watch(created.Id, files.FullName);
                return Task.CompletedTask;
            })
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("Node controller sync successful", wait => wait.WithTimeout(StartDeadline)))
            .Build();
        try
        {
            using var started = new CancellationTokenSource(StartDeadline);
            await container.StartAsync(started.Token);
            return container;
        }
        catch (Exception e)
        {
            var message = await DescribeAsync(container, image, e);
            await container.DisposeAsync();
            throw new InvalidOperationException(message, e);
        }
    }

    private static async Task<string> DescribeAsync(K3sContainer container, string image, Exception cause)
    {
        try
        {
            var (output, error) = await container.GetLogsAsync();
            var lines = (output + error).Split('\n');
            return $"the node from {image} did not start ({cause.Message}); its last lines: {string.Join('\n', lines.TakeLast(20))}";
        }
        catch (Exception)
        {
            return $"the node from {image} could not be created: {cause.Message}";
        }
    }
}
