using System.Security.Cryptography;
using System.Text;
using k8s;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Tests.EndToEnd;

/// <summary>Dumps: what a command prints, saved whole or not at all.</summary>
public sealed class DumpTests : WorkloadTest
{
    private static readonly string[] Sleep = ["sh", "-c", "while true; do sleep 1; done"];
    private static readonly BackupOptions Once = new() { RetryLimit = 0 };

    [Test]
    public async Task Dump_IsSavedWithItsHash_AndComesBackAsItWasPrinted()
    {
        await PrepareAsync(new() { [HookAnnotation.Dump] = """["sh", "-c", "printf 'row one\\nrow \"two\" & three\\n'; echo chatter >&2"]""", [HookAnnotation.FileName] = "all.sql" });

        var status = await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db");

        const string Printed = "row one\nrow \"two\" & three\n";
        var dump = status.Dumps!.Single();
        Assert.Multiple(() =>
        {
            Assert.That(status.Volumes, Is.Null, "instead of volumes");
            Assert.That(dump.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Printed)))));
            Assert.That(dump.BytesProcessed, Is.EqualTo(Printed.Length));
            Assert.That(dump.ExitCode, Is.Zero);
            Assert.That(dump.SnapshotTime, Is.Not.Null);
            Assert.That(dump.RestoreCommand, Is.EqualTo($"restic dump {dump.ResticSnapshotId} {dump.Path}"));
        });
        Assert.That(await Restore.ResticAsync(dump.RestoreCommand!.Split(' ')[1..]), Is.EqualTo(Printed));
        var snapshot = (await Restore.SnapshotsAsync()).Single();
        Assert.That(snapshot.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()), Is.SupersetOf(new[] { "walle", "dump=all.sql", "job=first" }));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task Dump_WithVolumes_SavesBoth_AndRunsTheHooks()
    {
        await PrepareAsync(new()
        {
            [HookAnnotation.Dump] = "cat /data/file", [HookAnnotation.DumpMode] = "WithVolumes", [HookAnnotation.Before] = "echo before >> /data/hooks", [HookAnnotation.After] = "echo after >> /data/hooks",
        });
        await InPodAsync("db-0", "sh", "-c", "echo content > /data/file");

        var status = await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db");

        Assert.That(status.Volumes!.Single().ResticSnapshotId, Is.Not.Null);
        Assert.That(status.Dumps!.Single().BytesProcessed, Is.EqualTo(8));
        Assert.That(await LinesAsync("db-0", "/data/hooks"), Is.EqualTo(new[] { "before", "after" }));
        await NothingIsLeftAsync();
    }

    [TestCase("head -c 50000000 /dev/urandom; exit 7", Reason.DumpFailed, "exit code 7")]
    [TestCase("head -c 50000000 /dev/urandom; kill -9 $$", Reason.DumpFailed, "exit code 137")]
    [TestCase("echo 'connection to database failed' >&2; exit 1", Reason.DumpFailed, "connection to database failed")]
    [TestCase("true", Reason.DumpFailed, "printed nothing")]
    [TestCase("echo begun; sleep 600", Reason.HookTimedOut, "within 10 s")]
    [TestCase("""["/no/such/program"]""", Reason.DumpFailed, "could not be run")]
    public async Task Dump_ThatFails_IsNoSnapshot(string command, Reason reason, string told)
    {
        await PrepareAsync(new() { [HookAnnotation.Dump] = command, [HookAnnotation.DumpTimeout] = reason == Reason.HookTimedOut ? "10s" : "2m" });
        await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "db", Once);
        await EndsWithAsync("first", reason, told);
        Assert.That(await Restore.SnapshotsAsync(), Is.Empty, "what failed is not in the repository");
    }

    [Test]
    public async Task Dump_WhosePodIsKilledAtHalf_IsNoSnapshot()
    {
        await PrepareAsync(new() { [HookAnnotation.Dump] = "head -c 3000000 /dev/urandom; touch /data/half; sleep 120; echo end" });
        await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "db", Once);
        await Eventually(async () => (await InPodAsync("db-0", "ls", "/data")).Contains("half", StringComparison.Ordinal), BackupDeadline, () => "the dump is not half done");
        await Kubernetes.CoreV1.DeleteNamespacedPodAsync("db-0", Namespace, gracePeriodSeconds: 0);
        var status = await EndOfAsync("first");
        Assert.That(status, Has.Property("Phase").EqualTo(BackupPhase.Failed), status.Message);
        await TestContext.Out.WriteLineAsync($"{status.Reason}: {status.Message}");
        Assert.That(await Restore.SnapshotsAsync(), Is.Empty);
    }

    [Test]
    public async Task Dump_WithoutTheNamespacesLeave_SaysHowItIsGiven()
    {
        var image = await Cluster.LoadToolboxAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string> { [HookAnnotation.Dump] = "echo x" }, image, Sleep, volumes: "data");
        await CreateWorkloadBackupAsync("first", SourceKind.StatefulSet, "db", new BackupOptions { RetryLimit = 0, StartTimeoutSeconds = 20 });
        await EndsWithAsync("first", Reason.HookForbidden, $"kubectl -n {Namespace} create serviceaccount walle-dump");
    }

    private async Task PrepareAsync(Dictionary<string, string> annotations)
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", annotations, image, Sleep, volumes: "data");
    }
}
