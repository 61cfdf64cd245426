using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>The recipes of docs/hooks.md, with the real databases of Debian under the names of the official images.</summary>
public abstract partial class DatabaseTest : RestoreEndToEndTest
{
    protected const string Checksum = "SELECT count(*) || ':' || sum(hashtext(t::text)::bigint) FROM t";
    private static readonly (string Image, string Name)[] Images = [("walle/databases:dev", "postgres:17"), ("walle/databases:dev", "redis:8")];
    protected static readonly TimeSpan DatabaseDeadline = TimeSpan.FromMinutes(10);

    /// <param name="name">Of the StatefulSet; default: as the recipe calls it.</param>
    protected async Task ApplyAsync(string recipe, string? name = null)
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "hooks.md"));
        var yaml = YamlBlock().Matches(page).Select(match => match.Groups[1].Value).Single(block => block.StartsWith($"# recipe: {recipe}\n", StringComparison.Ordinal));
        await Cluster.LoadProjectImageAsync("databases");
        foreach (var (image, official) in Images.Append((await Cluster.LoadToolboxAsync(), "busybox:1.37")))
            await Cluster.Node.RunAsync("ctr", "-n", "k8s.io", "images", "tag", "--force", $"docker.io/{image}", $"docker.io/library/{official}");
        var standard = new V1Patch("""{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}""", V1Patch.PatchType.MergePatch);
        await Kubernetes.StorageV1.PatchStorageClassAsync(standard, StorageNames.BlockImmediate);
        if (name is null)
        {
            await AllowHooksAsync();
            await CreateSecretAsync();
        }

        var set = KubernetesYaml.Deserialize<V1StatefulSet>(yaml);
        if (name is not null)
        {
            set.Metadata.Name = set.Spec.ServiceName = name;
            set.Spec.Selector.MatchLabels["app"] = set.Spec.Template.Metadata.Labels["app"] = name;
        }

        await Kubernetes.AppsV1.CreateNamespacedStatefulSetAsync(set, Namespace);
        await RunsAsync($"{set.Metadata.Name}-0");
        if (recipe.StartsWith("postgres", StringComparison.Ordinal))
            await AnswersAsync($"{set.Metadata.Name}-0");
    }

    protected Task AnswersAsync(string pod) => Eventually(
        async () => (await HostCommand.RunAllowingFailureAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, "-n", Namespace, "exec", pod, "--", "pg_isready", "--username=postgres"])).ExitCode == 0,
        DatabaseDeadline, () => $"the database in {pod} does not answer");

    protected async Task<string> SqlAsync(string pod, string sql) => (await InPodAsync(pod, "psql", "--username=postgres", "--tuples-only", "--no-align", $"--command={sql}")).Trim();

    /// <summary>A database on what was restored, in a Pod called restored.</summary>
    protected async Task CreateDatabaseOnAsync(string folder, string data)
    {
        await Kubernetes.CoreV1.CreateNamespacedPodAsync(new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "restored" },
            Spec = new V1PodSpec
            {
                TerminationGracePeriodSeconds = 1,
                Containers =
                [
                    new V1Container
                    {
                        Name = "postgres", Image = "postgres:17", ImagePullPolicy = "Never", Env = [new V1EnvVar { Name = "PGDATA", Value = data }, new V1EnvVar { Name = "POSTGRES_PASSWORD", Value = "x" }],
                        VolumeMounts = [new V1VolumeMount { Name = "restored", MountPath = "/restored" }],
                    },
                ],
                Volumes = [new V1Volume { Name = "restored", HostPath = new V1HostPathVolumeSource { Path = folder, Type = "Directory" } }],
            },
        }, Namespace);
        await RunsAsync("restored");
        await AnswersAsync("restored");
    }

    /// <summary>The most that the worker's own processes, and restic, ever had in memory (KiB), watched until it is over.</summary>
    protected async Task<(long Worker, long Restic)> WatchMemoryAsync(Func<Task<bool>> isOver)
    {
        // Of this namespace: other tests have workers on the node, too.
        const string Peaks = "for p in $(pgrep -f -- \"$1\"); do n=$(cat /proc/$p/comm 2>/dev/null); case \"$n\" in walle-worker|restic) echo \"$n $p $(grep VmHWM /proc/$p/status 2>/dev/null | tr -dc 0-9)\";; esac; done; true";
        var peaks = new Dictionary<string, long>();
        await Eventually(
            async () =>
            {
                foreach (var line in (await Cluster.Node.RunAsync("sh", "-c", Peaks, "watch", Namespace)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (line.Split(' ') is [var comm, var pid, var peak] && long.TryParse(peak, out var kib))
                        peaks[$"{comm} {pid}"] = kib;
                }

                return await isOver();
            },
            DatabaseDeadline, () => "the dump has not ended");
        return (peaks.Where(pair => pair.Key.StartsWith("walle", StringComparison.Ordinal)).Sum(pair => pair.Value), peaks.Where(pair => pair.Key.StartsWith("restic", StringComparison.Ordinal)).Select(pair => pair.Value).DefaultIfEmpty().Max());
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();
}
