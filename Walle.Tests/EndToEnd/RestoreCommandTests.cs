using System.Text.RegularExpressions;
using k8s;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Cluster;

namespace Walle.Tests.EndToEnd;

/// <summary>Dumps into commands (target.exec): the whole dump once, or a failure that says why.</summary>
public sealed class RestoreCommandTests : DatabaseTest
{
    private const string Dump = "db/db-main.dump";
    private static readonly string[] Sleep = ["sh", "-c", "while true; do sleep 1; done"];

    [Test]
    public async Task PostgresDump_RestoredIntoASecondDatabase_IsEqual_AtConstantMemory()
    {
        await ApplyAsync("postgres-dump");
        await SqlAsync("orders-0", "CREATE TABLE t AS SELECT g AS id, repeat(md5(g::text), 3) AS text FROM generate_series(1, 3400000) g");
        await ApplyAsync("postgres-dump", "copy");
        var dump = (await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "orders")).Dumps!.Single();
        Assert.That(dump.BytesProcessed, Is.GreaterThan(300L << 20));

        await CreateRestoreAsync("undo", Into("copy", "orders/orders.pgdump"));
        var (worker, restic) = await WatchMemoryAsync(async () => (await ReadRestoreAsync("undo")).Status?.CompletionTime is not null);
        var status = await EndOfRestoreAsync("undo", DatabaseDeadline);

        Assert.That(status.Phase, Is.EqualTo(RestorePhase.Succeeded), status.Message);
        await TestContext.Out.WriteLineAsync($"{status.BytesRestored >> 20} MiB in {status.Duration}; worker at most {worker >> 10} MiB, restic {restic >> 10} MiB");
        Assert.That(await SqlAsync("copy-0", Checksum), Is.EqualTo(await SqlAsync("orders-0", Checksum)));
        Assert.That((status.BytesRestored, status.Sha256, status.CommandExitCode, status.CommandPod), Is.EqualTo((dump.BytesProcessed, dump.Sha256, (int?)0, "copy-0/postgres")));
        Assert.That(worker, Is.GreaterThan(0).And.LessThan(100 << 10), "KiB of all processes of the worker");
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task PostgresDump_AsText_GoesThroughPsql()
    {
        await ApplyAsync("postgres-dump");
        await AnnotateAsync("orders", "pg_dump --username=postgres postgres", "psql --username=postgres --dbname=second --set=ON_ERROR_STOP=1 --single-transaction --quiet");
        await SqlAsync("orders-0", "CREATE TABLE t AS SELECT g AS id, md5(g::text) AS text FROM generate_series(1, 20000) g");
        await SqlAsync("orders-0", "CREATE DATABASE second");
        await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "orders");

        await RestoreAsync("undo", Into("orders", "orders/orders.pgdump"));

        Assert.That(await InPodAsync("orders-0", "psql", "--username=postgres", "--dbname=second", "--tuples-only", "--no-align", $"--command={Checksum}"), Is.EqualTo(await SqlAsync("orders-0", Checksum) + "\n"));
        var again = await FailsAsync("again", Into("orders", "orders/orders.pgdump"), Reason.RestoreCommandFailed, "already exists");
        Assert.That(again.CommandExitCode, Is.EqualTo(3), "psql's own for ON_ERROR_STOP");
    }

    [Test]
    public async Task Dump_IsGivenToTheCommand_ByteByByte_AlsoWhenItIsOneOfAnId()
    {
        await PrepareAsync("head -c 5000001 /dev/urandom | tee /data/source", "cat > /data/got; echo taken");
        var dump = (await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db")).Dumps!.Single();

        var status = await RestoreAsync("undo", From(new RestoreSource { SnapshotId = dump.ResticSnapshotId }, Command("db")) with { Verify = false });

        await InPodAsync("db-0", "cmp", "/data/source", "/data/got");
        Assert.That((status.BytesRestored, status.Sha256, status.ResticSnapshotId, status.Verified), Is.EqualTo(((long?)5000001, dump.Sha256, dump.ResticSnapshotId, (bool?)false)));
        Assert.That(await HostCommand.RunAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, "-n", Namespace, "get", "restorejob", "undo"]), Does.Match(new Regex("undo +[0-9a-f]{64} +.*db.* +Succeeded")));
        await NothingIsLeftAsync();
    }

    [TestCase("cat > /dev/null; echo 'no such table' >&2; exit 3", Reason.RestoreCommandFailed, "exit code 3, given 5000000 of 5000000 bytes: no such table")]
    [TestCase("head -c 10 > /dev/null", Reason.RestoreCommandFailed, "bytes of its input unread")]
    [TestCase("kill -9 $$", Reason.RestoreCommandFailed, "exit code 137")]
    [TestCase("""["/no/such/program"]""", Reason.RestoreCommandFailed, "exit code 127")]
    [TestCase("cat > /dev/null; sleep 600", Reason.HookTimedOut, "within 10 s (ros.io/restore-command-timeout)")]
    public async Task Command_ThatFails_IsNoRestore(string command, Reason reason, string told)
    {
        await PrepareAsync("head -c 5000000 /dev/urandom", command, reason == Reason.HookTimedOut ? "10s" : "2m");
        await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db");
        var status = await FailsAsync("undo", Into("db"), reason, told);
        Assert.That(status.Attempts, Is.EqualTo(1), "it is started once");
    }

    [Test]
    public async Task Refusals_NameWhatIsMissing_AndStartNothing()
    {
        await PrepareAsync("echo content", "cat >> /data/got");
        await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db");
        await CreateClaimAsync("data");
        await WriteAsync("data", "echo content > file");
        var volume = (await BackUpAsync("second", "data")).Volumes!.Single();

        await FailsAsync("nobody", Into("nobody"), Reason.TargetNotFound, "StatefulSet nobody (spec.target.exec) does not exist");
        await FailsAsync("no-dump", Into("db", "db/other.dump"), Reason.BackupNotFound, "there is no backup of");
        await FailsAsync("volume", From(new RestoreSource { SnapshotId = volume.ResticSnapshotId }, Command("db")), Reason.InvalidSpec, "that of a volume and not of a dump");
        await KubectlAsync("delete", "rolebinding", "walle-dump");
        await FailsAsync("no-leave", Into("db"), Reason.HookForbidden, $"kubectl -n {Namespace} create rolebinding walle-dump --clusterrole=walle-hooks");
        await KubectlAsync("delete", "serviceaccount", "walle-dump");
        await FailsAsync("no-account", Into("db") with { Options = new RestoreOptions { StartTimeoutSeconds = 20 } }, Reason.HookForbidden, $"kubectl -n {Namespace} create serviceaccount walle-dump");
        await AllowHooksAsync();
        await KubectlAsync("annotate", "pod", "db-0", "ros.io/restore-command=");
        await FailsAsync("no-command", Into("db"), Reason.RestoreCommandMissing, "StatefulSet db has no annotation ros.io/restore-command");

        Assert.That(await LinesAsync("db-0", "/data/got"), Is.Empty);
    }

    [Test]
    public async Task WorkerThatIsKilled_IsNotReplaced_SinceTheCommandHasBeenStarted()
    {
        await PrepareAsync("head -c 6000000 /dev/urandom", "echo start >> /data/starts; cat > /data/got");
        await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db");
        await CreateRestoreAsync("undo", Into("db") with { Verify = false, Options = new RestoreOptions { LimitDownloadKiBps = 200 } });
        await Eventually(async () => (await LinesAsync("db-0", "/data/starts")).Length == 1, BackupDeadline, () => "the command has not been started");

        // Not only the process: on an old server the Job controller makes another Pod for one that was deleted.
        var pods = await Kubernetes.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: $"{WellKnown.VerbLabel}=feed");
        await Kubernetes.CoreV1.DeleteNamespacedPodAsync(pods.Items.Single().Metadata.Name, Namespace, gracePeriodSeconds: 0);

        var status = await EndOfRestoreAsync("undo");
        Assert.That((status.Phase, status.Attempts), Is.EqualTo((RestorePhase.Failed, (int?)1)), $"{status.Reason}: {status.Message}");
        await TestContext.Out.WriteLineAsync($"{status.Reason}: {status.Message}");
        await NothingIsLeftAsync();
        Assert.That(await LinesAsync("db-0", "/data/starts"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task PodThatIsKilledAtHalf_FailsTheRestore()
    {
        await PrepareAsync("head -c 6000000 /dev/urandom", "echo start >> /data/starts; cat > /data/got");
        await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db");
        await CreateRestoreAsync("undo", Into("db") with { Verify = false, Options = new RestoreOptions { LimitDownloadKiBps = 200 } });
        await Eventually(async () => (await LinesAsync("db-0", "/data/starts")).Length == 1, BackupDeadline, () => "the command has not been started");
        await Kubernetes.CoreV1.DeleteNamespacedPodAsync("db-0", Namespace, gracePeriodSeconds: 0);

        var status = await EndOfRestoreAsync("undo");
        Assert.That((status.Phase, status.Attempts), Is.EqualTo((RestorePhase.Failed, (int?)1)), $"{status.Reason}: {status.Message}");
        Assert.That(status.Reason, Is.EqualTo(nameof(Reason.RestoreCommandFailed)).Or.EqualTo(nameof(Reason.HookUnreachable)));
        await TestContext.Out.WriteLineAsync($"{status.Reason}: {status.Message}");
    }

    [TestCase(true, Description = "nothing is started")]
    [TestCase(false, Description = "the command is cut off")]
    public async Task DamagedRepository_IsNoRestore(bool verify)
    {
        await PrepareAsync("head -c 60000000 /dev/urandom", "echo start >> /data/starts; cat > /data/got");
        await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db");
        // One of the packs with the dump's content is gone, not the first that is read.
        await Cluster.Node.RunAsync("sh", "-c", $"ls -S {Walle.Repositories.Folder}/{Namespace}/data/*/* | head -3 | tail -1 | xargs rm");

        var status = await EndedAsync("undo", Into("db") with { Verify = verify, Options = new RestoreOptions { RetryLimit = 0 } });

        Assert.That(status.Phase, Is.EqualTo(RestorePhase.Failed), status.Message);
        await TestContext.Out.WriteLineAsync($"{status.Reason}: {status.Message}");
        Assert.That(await LinesAsync("db-0", "/data/starts"), Has.Length.EqualTo(verify ? 0 : 1));
        Assert.That(status.BytesRestored ?? 0, Is.LessThan(60000000));
    }

    private async Task<RestoreJobStatus> EndedAsync(string name, RestoreJobSpec spec)
    {
        await CreateRestoreAsync(name, spec);
        return await EndOfRestoreAsync(name);
    }

    private Task<RestoreJobStatus> FailsAsync(string name, RestoreJobSpec spec, Reason reason, string told) => RefusedAsync(name, spec, reason, told);

    private static RestoreJobSpec Into(string workload, string dump = Dump) => From(new RestoreSource { Dump = dump }, Command(workload));

    private static RestoreTarget Command(string workload) => new() { Exec = new RestoreCommandTarget { Name = workload } };

    private Task<string> KubectlAsync(params string[] arguments) => HostCommand.RunAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, "-n", Namespace, .. arguments, .. arguments[0] == "annotate" ? new[] { "--overwrite" } : []]);

    private Task<string> AnnotateAsync(string workload, string backup, string restore) =>
        KubectlAsync("annotate", "pod", $"{workload}-0", $"{HookAnnotation.Dump}={backup}", $"{HookAnnotation.Restore}={restore}");

    private async Task PrepareAsync(string backup, string restore, string timeout = "2m")
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync(
            "db", new Dictionary<string, string> { [HookAnnotation.Dump] = backup, [HookAnnotation.Restore] = restore, [HookAnnotation.RestoreTimeout] = timeout }, image, Sleep, size: "256Mi", volumes: "data");
    }
}
