using System.Text.Json;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.EndToEnd;

/// <summary>Stock restic in a Pod, with the repository's Secret and nothing of Walle's: what a user is left with when Walle is gone.</summary>
internal sealed class RestoreCheck(TestCluster cluster, string @namespace)
{
    // A script of thirty backups is one command, and other tests use the machine, too.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private int _count;

    /// <summary>Of the repository.</summary>
    public string Secret { get; init; } = EndToEndTest.SecretName;

    /// <summary>Runs restic and returns what it prints; fails when it does.</summary>
    public Task<string> ResticAsync(params string[] arguments) => RunAsync(["/usr/bin/restic", "--no-cache", .. arguments]);

    /// <summary>Several runs of restic in one Pod.</summary>
    public Task<string> ShellAsync(string script) => RunAsync(["/bin/sh", "-c", script]);

    private async Task<string> RunAsync(string[] command)
    {
        var name = $"restic-{Secret}-{Interlocked.Increment(ref _count)}";
        var folder = $"/var/lib/walle-restores/{@namespace}";
        await cluster.Node.RunAsync("mkdir", "-p", folder);
        await cluster.Kubernetes.CoreV1.CreateNamespacedPodAsync(Pod(name, folder, command), @namespace);
        V1Pod? pod = null;
        await Patience.UntilAsync(
            async () => (pod = await cluster.Kubernetes.CoreV1.ReadNamespacedPodAsync(name, @namespace)).Status?.Phase is "Succeeded" or "Failed",
            Deadline, () => $"{string.Join(' ', command)} has not ended: {KubernetesJson.Serialize(pod?.Status)}");
        await using var log = await cluster.Kubernetes.CoreV1.ReadNamespacedPodLogAsync(name, @namespace);
        var output = await new StreamReader(log).ReadToEndAsync();
        Assert.That(pod!.Status.Phase, Is.EqualTo("Succeeded"), $"{string.Join(' ', command)}: {output}");
        return output;
    }

    /// <summary>Restores a snapshot and returns the manifest of what came out.</summary>
    public async Task<string> ManifestOfSnapshotAsync(string snapshotId)
    {
        await ResticAsync("restore", snapshotId, "--target", $"/restored/{snapshotId}");
        return await ManifestOfFolderAsync($"/var/lib/walle-restores/{@namespace}/{snapshotId}");
    }

    public async Task<string> ManifestOfFolderAsync(string folder) => await cluster.Node.RunAsync("bash", "-c", Script("tree-manifest.sh"), "tree-manifest", folder);

    public static string Script(string name) => File.ReadAllText(RepositoryRoot.Combine("Walle.Tests", "EndToEnd", "Scripts", name));

    /// <summary>All snapshots of the repository, as restic lists them.</summary>
    public async Task<IReadOnlyList<JsonElement>> SnapshotsAsync() =>
        [.. JsonDocument.Parse(await ResticAsync("snapshots", "--json")).RootElement.EnumerateArray()];

    /// <summary>Leaves an exclusive lock in the repository, as a prune or check of that Pod's does when it is killed.</summary>
    /// <param name="locks">The folder in the node that locks appear in.</param>
    public async Task LeaveLockAsync(string host, string locks)
    {
        var folder = $"/var/lib/walle-restores/{@namespace}";
        await cluster.Node.RunAsync("mkdir", "-p", folder);
        // Slow enough to be killed in the middle.
        var pod = Pod("killed", folder, ["/usr/bin/restic", "--no-cache", "check", "--read-data", "--limit-download", "5"]);
        pod.Spec.Hostname = host;
        // As in a worker's Pod restic is not process 1: a process of that number there is always.
        pod.Spec.ShareProcessNamespace = true;
        await cluster.Kubernetes.CoreV1.CreateNamespacedPodAsync(pod, @namespace);
        await Patience.UntilAsync(async () => (await cluster.Node.RunAsync("ls", locks)).Trim().Length > 0, Deadline, () => "no lock is taken");
        await cluster.Node.RunAsync("pkill", "-KILL", "-f", "restic --no-cache check --read-data --limit-download 5");
        await Patience.UntilAsync(async () => (await cluster.Kubernetes.CoreV1.ReadNamespacedPodAsync("killed", @namespace)).Status?.Phase == "Failed", Deadline, () => "it is not dead");
        Assert.That((await cluster.Node.RunAsync("ls", locks)).Trim(), Is.Not.Empty, "a killed restic leaves its lock");
    }

    private V1Pod Pod(string name, string folder, string[] command) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1PodSpec
        {
            RestartPolicy = "Never",
            AutomountServiceAccountToken = false,
            Containers =
            [
                new V1Container
                {
                    Name = "restic",
                    Image = "walle/worker:dev",
                    ImagePullPolicy = "Never",
                    Command = command,
                    EnvFrom = [new V1EnvFromSource { SecretRef = new V1SecretEnvSource { Name = Secret } }],
                    SecurityContext = new V1SecurityContext { RunAsUser = 0, Privileged = true },
                    VolumeMounts = [new V1VolumeMount { Name = "restored", MountPath = "/restored" }],
                },
            ],
            Volumes = [new V1Volume { Name = "restored", HostPath = new V1HostPathVolumeSource { Path = folder, Type = "Directory" } }],
        },
    };
}
