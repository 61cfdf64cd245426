using System.Globalization;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>The recipes of docs/hooks.md as they stand there, with the real databases of Debian under the names of the official images.</summary>
public sealed partial class RecipeTests : WorkloadTest
{
    private const string Checksum = "SELECT count(*) || ':' || sum(hashtext(t::text)::bigint) FROM t";
    private static readonly (string Image, string Name)[] Images = [("walle/databases:dev", "postgres:17"), ("walle/databases:dev", "redis:8")];
    private static readonly TimeSpan DatabaseDeadline = TimeSpan.FromMinutes(3);

    [Test]
    public async Task PostgresDump_OfHalfAGibibyte_RestoresIntoAnEqualDatabase_AtConstantMemory()
    {
        await ApplyAsync("postgres-dump");
        await SqlAsync("orders-0", "CREATE TABLE t AS SELECT g AS id, repeat(md5(g::text), 3) AS text FROM generate_series(1, 5400000) g");
        await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "orders", new BackupOptions { RetryLimit = 0 });
        var (worker, restic) = await WatchMemoryAsync("first");
        var status = await EndOfAsync("first", DatabaseDeadline);

        Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), status.Message);
        var dump = status.Dumps!.Single();
        await TestContext.Out.WriteLineAsync($"{dump.BytesProcessed >> 20} MiB in {dump.DurationSeconds} s; worker at most {worker >> 10} MiB, restic {restic >> 10} MiB");
        Assert.That(dump.BytesProcessed, Is.GreaterThan(500L << 20));
        Assert.That(worker, Is.GreaterThan(0).And.LessThan(100 << 10), "KiB of all processes of the worker");
        await Restore.ResticAsync("restore", dump.ResticSnapshotId!, "--target", "/restored/dump");
        await CreateDatabaseOnAsync($"/var/lib/walle-restores/{Namespace}", "/tmp/pg");
        await InPodAsync("restored", "sh", "-c", $"pg_restore --username=postgres --dbname=postgres /restored/dump{dump.Path}");
        Assert.That(await SqlAsync("restored", Checksum), Is.EqualTo(await SqlAsync("orders-0", Checksum)));
    }

    [Test]
    public async Task PostgresVolume_UnderWriteLoad_StartsAgain_AndIsSound()
    {
        await ApplyAsync("postgres-volume");
        await InPodAsync("ledger-0", "pgbench", "--username=postgres", "--initialize", "--scale=5", "--quiet", "postgres");
        using var load = HostCommand.RunAllowingFailureAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, "-n", Namespace, "exec", "ledger-0", "--", "pgbench", "--username=postgres", "--client=4", "--time=60", "postgres"]);
        await Eventually(async () => int.Parse(await SqlAsync("ledger-0", "SELECT count(*) FROM pgbench_history"), CultureInfo.InvariantCulture) > 500, DatabaseDeadline, () => "no load");

        await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "ledger");
        await WaitForAsync("first", status => HasReached(status, ConditionTypes.HooksCompleted), "the window is over");
        Assert.That(load.IsCompleted, Is.False, "it is written to while the snapshot is cut");
        var status = await EndOfAsync("first");
        Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), status.Message);

        await TestContext.Out.WriteLineAsync($"frozen {status.FrozenSeconds} s");
        Assert.That(status.Hooks, Has.Count.EqualTo(2).And.All.Property("Phase").EqualTo(HookPhase.Succeeded));
        await Restore.ResticAsync("restore", status.Volumes!.Single().ResticSnapshotId!, "--target", "/restored/volume");
        // restic makes the folder that it restores into for root alone.
        await Cluster.Node.RunAsync("chmod", "755", $"/var/lib/walle-restores/{Namespace}/volume");
        await CreateDatabaseOnAsync($"/var/lib/walle-restores/{Namespace}/volume", "/restored/pg");
        await InPodAsync("restored", "pg_amcheck", "--username=postgres", "--all", "--install-missing", "--heapallindexed");
        await InPodAsync("restored", "sh", "-c", "pg_dumpall --username=postgres > /dev/null");
        Assert.That(await SqlAsync("restored", "SELECT (SELECT sum(abalance) FROM pgbench_accounts) = (SELECT coalesce(sum(delta), 0) FROM pgbench_history)"), Is.EqualTo("t"), "transactions are whole");
        Assert.That(int.Parse(await SqlAsync("restored", "SELECT count(*) FROM pgbench_history"), CultureInfo.InvariantCulture), Is.GreaterThan(500));
        await load;
    }

    [Test]
    public async Task Redis_HasItsWholeDataSetInTheSnapshot()
    {
        await ApplyAsync("redis");
        await InPodAsync("sessions-0", "sh", "-c", "for n in $(seq 200); do echo SET key-$n value-$n; done | redis-cli > /dev/null");
        var status = await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "sessions");
        await Restore.ResticAsync("restore", status.Volumes!.Single().ResticSnapshotId!, "--target", "/restored/volume");
        var keys = await Cluster.Node.RunAsync("sh", "-c", $"grep -a -o 'key-[0-9]*' /var/lib/walle-restores/{Namespace}/volume/dump.rdb | wc -l");
        Assert.That(int.Parse(keys.Trim(), CultureInfo.InvariantCulture), Is.EqualTo(200));
    }

    [Test]
    public async Task Files_ThatBelongTogether_AreOfOneMoment()
    {
        await ApplyAsync("files");
        for (var run = 1; run <= 3; run++)
        {
            var status = await BackUpWorkloadAsync($"run-{run}", SourceKind.StatefulSet, "files");
            var id = status.Volumes!.Single().ResticSnapshotId!;
            Assert.That(await Restore.ResticAsync("dump", id, "/first"), Is.EqualTo(await Restore.ResticAsync("dump", id, "/second")), $"run {run}");
        }

        await Eventually(async () => !(await InPodAsync("files-0", "ls", "/tmp")).Contains("lock", StringComparison.Ordinal), DatabaseDeadline, () => "the writers wait for ever");
    }

    private async Task ApplyAsync(string recipe)
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "hooks.md"));
        var yaml = YamlBlock().Matches(page).Select(match => match.Groups[1].Value).Single(block => block.StartsWith($"# recipe: {recipe}\n", StringComparison.Ordinal));
        await Cluster.LoadProjectImageAsync("databases");
        foreach (var (image, name) in Images.Append((await Cluster.LoadToolboxAsync(), "busybox:1.37")))
            await Cluster.Node.RunAsync("ctr", "-n", "k8s.io", "images", "tag", "--force", $"docker.io/{image}", $"docker.io/library/{name}");
        var standard = new V1Patch("""{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}""", V1Patch.PatchType.MergePatch);
        await Kubernetes.StorageV1.PatchStorageClassAsync(standard, StorageNames.BlockImmediate);
        await AllowHooksAsync();
        await CreateSecretAsync();
        var set = KubernetesYaml.Deserialize<V1StatefulSet>(yaml);
        await Kubernetes.AppsV1.CreateNamespacedStatefulSetAsync(set, Namespace);
        await RunsAsync($"{set.Metadata.Name}-0");
        if (recipe.StartsWith("postgres", StringComparison.Ordinal))
            await AnswersAsync($"{set.Metadata.Name}-0");
    }

    private Task AnswersAsync(string pod) => Eventually(
        async () => (await HostCommand.RunAllowingFailureAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, "-n", Namespace, "exec", pod, "--", "pg_isready", "--username=postgres"])).ExitCode == 0,
        DatabaseDeadline, () => $"the database in {pod} does not answer");

    private async Task<string> SqlAsync(string pod, string sql) => (await InPodAsync(pod, "psql", "--username=postgres", "--tuples-only", "--no-align", $"--command={sql}")).Trim();

    /// <summary>A database on what was restored, in a Pod called restored.</summary>
    private async Task CreateDatabaseOnAsync(string folder, string data)
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

    /// <summary>The most that the worker's own processes, and restic, ever had in memory (KiB), watched until the backup is over.</summary>
    private async Task<(long Worker, long Restic)> WatchMemoryAsync(string name)
    {
        // Of this namespace: other tests have workers on the node, too.
        const string Peaks = "for p in /proc/[0-9]*; do n=$(cat $p/comm 2>/dev/null); grep -aqF \"$1\" $p/cmdline 2>/dev/null || continue; case \"$n\" in walle-worker|restic) echo \"$n $(basename $p) $(grep VmHWM $p/status 2>/dev/null | tr -dc 0-9)\";; esac; done; true";
        var peaks = new Dictionary<string, long>();
        await Eventually(
            async () =>
            {
                foreach (var line in (await Cluster.Node.RunAsync("sh", "-c", Peaks, "watch", Namespace)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (line.Split(' ') is [var comm, var pid, var peak] && long.TryParse(peak, out var kib))
                        peaks[$"{comm} {pid}"] = kib;
                }

                return (await ReadBackupAsync(name)).Status?.CompletionTime is not null;
            },
            DatabaseDeadline, () => "the dump has not ended");
        return (peaks.Where(pair => pair.Key.StartsWith("walle", StringComparison.Ordinal)).Sum(pair => pair.Value), peaks.Where(pair => pair.Key.StartsWith("restic", StringComparison.Ordinal)).Select(pair => pair.Value).DefaultIfEmpty().Max());
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();
}
