using System.Runtime.InteropServices;
using System.Security.Cryptography;
using k8s;
using Walle.Tests.Cluster;

namespace Walle.Tests.Storage;

/// <summary>Builds hack/csi-node once per version of its sources, brings it into the node and waits until kubelet has registered every driver.</summary>
internal static class CsiNodePlugin
{
    private const string KubeletFolder = "/var/lib/kubelet";
    private const string PidFile = "/run/walle-csi-node.pid";
    private const string Log = "/var/log/walle-csi-node.log";
    private static readonly TimeSpan RegistrationDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    public static async Task StartAsync(IKubernetes kubernetes, INodeShell shell, Action<string> report, CancellationToken cancel)
    {
        var program = await BuildAsync(report, cancel);
        var inNode = "/usr/local/bin/" + Path.GetFileName(Path.GetDirectoryName(program));
        // The same version may run already, from an earlier start of the double.
        var start = $"if [ -e {PidFile} ] && [ \"$(readlink /proc/$(cat {PidFile})/exe)\" = {inNode} ]; then echo running; else echo absent; fi";
        if ((await shell.RunAsync("sh", "-c", start)).Trim() == "absent")
        {
            await shell.RunAsync("mkdir", "-p", "/usr/local/bin", StorageNode.VolumesFolder);
            await shell.CopyProgramAsync(program, inNode);
            var command = $"{inNode} {KubeletFolder} {StorageNode.VolumesFolder} {string.Join(' ', StorageNames.Drivers)}";
            await shell.RunAsync("sh", "-c", $"[ ! -e {PidFile} ] || kill $(cat {PidFile}) || :; {command} < /dev/null > {Log} 2>&1 & echo $! > {PidFile}");
        }

        await AwaitRegistrationAsync(kubernetes, shell, cancel);
    }

    private static async Task AwaitRegistrationAsync(IKubernetes kubernetes, INodeShell shell, CancellationToken cancel)
    {
        var due = TimeProvider.System.GetUtcNow() + RegistrationDeadline;
        while (true)
        {
            var nodes = await kubernetes.StorageV1.ListCSINodeAsync(cancellationToken: cancel);
            var registered = nodes.Items.SelectMany(node => node.Spec.Drivers ?? []).Select(driver => driver.Name);
            var missing = StorageNames.Drivers.Except(registered).ToList();
            if (missing.Count == 0)
                return;
            if (TimeProvider.System.GetUtcNow() > due)
                throw new TimeoutException($"kubelet has not registered {string.Join(", ", missing)} within {RegistrationDeadline}; the plugin says: {await shell.RunAsync("cat", Log)}");
            await Task.Delay(PollInterval, TimeProvider.System, cancel);
        }
    }

    /// <returns>The program's path, in a folder that is named after the version of its sources.</returns>
    private static async Task<string> BuildAsync(Action<string> report, CancellationToken cancel)
    {
        var project = RepositoryRoot.Combine("hack", "csi-node");
        var cache = Environment.GetEnvironmentVariable("WALLE_CACHE") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "walle");
        var folder = Path.Combine(cache, "walle-csi-node-" + await VersionAsync(project, cancel));
        var program = Path.Combine(folder, "Walle.CsiNode");
        if (File.Exists(program))
            return program;
        report("compiling the CSI plugin (about 20 seconds)");
        var unfinished = $"{folder}.{Environment.ProcessId}";
        var platform = RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        await HostCommand.RunAsync("dotnet", ["publish", project, "--configuration", "Release", "--runtime", platform, "--output", unfinished, "--nologo", "--verbosity", "quiet"]);
        // Another test run may have been faster.
        if (!Directory.Exists(folder))
            Directory.Move(unfinished, folder);
        return program;
    }

    private static async Task<string> VersionAsync(string project, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.GetFiles(project).Order(StringComparer.Ordinal))
            hash.AppendData(await File.ReadAllBytesAsync(file, cancel));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
