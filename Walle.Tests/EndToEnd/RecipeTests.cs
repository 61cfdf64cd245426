using System.Globalization;
using NUnit.Framework;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Cluster;

namespace Walle.Tests.EndToEnd;

/// <summary>The recipes of docs/hooks.md as they stand there, with the real databases of Debian under the names of the official images.</summary>
public sealed class RecipeTests : DatabaseTest
{
    // Half a gibibyte through pg_dump, exec and restic takes all that the machine has: beside other tests it, or they, come too late.
    [Test]
    [NonParallelizable]
    public async Task PostgresDump_OfHalfAGibibyte_RestoresIntoAnEqualDatabase_AtConstantMemory()
    {
        await ApplyAsync("postgres-dump");
        await SqlAsync("orders-0", "CREATE TABLE t AS SELECT g AS id, repeat(md5(g::text), 3) AS text FROM generate_series(1, 5400000) g");
        await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "orders", new BackupOptions { RetryLimit = 0 });
        var (worker, restic) = await WatchMemoryAsync(async () => (await ReadBackupAsync("first")).Status?.CompletionTime is not null);
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
}
