using System.Text.Json;
using k8s;
using k8s.Models;
using Walle.Tests.Cluster;
using Walle.Tests.EndToEnd;

namespace Walle.Tests.Chaos;

/// <summary>Stock restic in one Pod that stays, on the folders of all repositories: what is in one is known in a second.</summary>
internal sealed class Inspector
{
    private const string Pod = "inspector";
    private const string Home = "walle-repositories";
    private const string Restores = "/var/lib/walle-restores";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);

    private readonly TestCluster _cluster;

    private Inspector(TestCluster cluster) => _cluster = cluster;

    public static async Task<Inspector> StartAsync(TestCluster cluster, RepositoryServer repositories)
    {
        await cluster.Node.RunAsync("mkdir", "-p", Restores);
        await cluster.Kubernetes.CoreV1.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = Pod },
                Spec = new V1PodSpec
                {
                    AutomountServiceAccountToken = false,
                    TerminationGracePeriodSeconds = 1,
                    Containers =
                    [
                        new V1Container
                        {
                            Name = "restic", Image = "walle/worker:dev", ImagePullPolicy = "Never", Command = ["/bin/sh", "-c", "while true; do sleep 3600; done"],
                            Env = [new V1EnvVar { Name = "RESTIC_PASSWORD", Value = EndToEndTest.Password }],
                            SecurityContext = new V1SecurityContext { RunAsUser = 0, Privileged = true },
                            VolumeMounts = [new V1VolumeMount { Name = "repositories", MountPath = "/repositories" }, new V1VolumeMount { Name = "restores", MountPath = "/restores" }],
                        },
                    ],
                    Volumes =
                    [
                        new V1Volume { Name = "repositories", HostPath = new V1HostPathVolumeSource { Path = repositories.Folder } },
                        new V1Volume { Name = "restores", HostPath = new V1HostPathVolumeSource { Path = Restores } },
                    ],
                },
            }, Home);
        await Patience.UntilAsync(
            async () => (await cluster.Kubernetes.CoreV1.ReadNamespacedPodAsync(Pod, Home)).Status?.Phase == "Running", StartDeadline, () => "the inspector does not run");
        return new Inspector(cluster);
    }

    /// <summary>The snapshots of a repository, as restic lists them, once all its data has been read and found whole. None where there is no repository.</summary>
    public async Task<IReadOnlyList<JsonElement>> SnapshotsAsync(string repository)
    {
        var output = await ShellAsync($"[ -e /repositories/{repository}/config ] || {{ echo '[]'; exit; }}; restic -r /repositories/{repository} --no-cache --no-lock check --read-data >&2; restic -r /repositories/{repository} --no-cache --no-lock snapshots --json");
        return [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
    }

    public async Task<int> LocksAsync(string repository) =>
        (await ShellAsync($"ls /repositories/{repository}/locks 2>/dev/null || true")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Restores a snapshot; the folder in the node that holds what came out.</summary>
    public async Task<string> RestoreAsync(string repository, string snapshot)
    {
        await ShellAsync($"restic -r /repositories/{repository} --no-cache --no-lock restore {snapshot} --target /restores/{repository}/{snapshot} >&2");
        return $"{Restores}/{repository}/{snapshot}";
    }

    private Task<string> ShellAsync(string script) =>
        HostCommand.RunAsync("kubectl", ["--kubeconfig", _cluster.Kubeconfig, "-n", Home, "exec", Pod, "--", "sh", "-euc", script]);
}
