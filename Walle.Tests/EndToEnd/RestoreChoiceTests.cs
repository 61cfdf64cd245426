using System.Globalization;
using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>Which backup is restored, of a repository that three claims of two namespaces share.</summary>
public sealed class RestoreChoiceTests : DatabaseTest
{
    private const string Other = "other-namespace";

    /// <summary>Real backups, the newest of which are by Walle; the others were put there by restic with the tags and paths that Walle makes.</summary>
    [Test]
    public async Task EachWayToChoose_OnThirtySnapshots_NeverTakesAnotherClaimsData()
    {
        foreach (var claim in new[] { "data", "data2" })
        {
            await CreateClaimAsync(claim);
            await WriteAsync(claim, $"echo {Namespace}/{claim}-newest > file");
        }

        await CreateSecretAsync();
        var real = (await BackUpAsync("real", "data")).Volumes!.Single();
        await BackUpAsync("real2", "data2");
        await AddAsync();
        var snapshots = await Restore.SnapshotsAsync();
        Assert.That(snapshots, Has.Count.EqualTo(30));
        string Id(string path, int day) => snapshots.Single(snapshot =>
            snapshot.GetProperty("paths")[0].GetString() == path && snapshot.GetProperty("time").GetString()!.StartsWith($"2026-01-{day:00}T", StringComparison.Ordinal)).GetProperty("id").GetString()!;

        await GivesAsync("newest", new RestoreSource { ClaimName = "data" }, $"{Namespace}/data-newest");
        await GivesAsync("previous", new RestoreSource { ClaimName = "data", Previous = 3 }, $"{Namespace}/data-08");
        await GivesAsync("as-of", new RestoreSource { ClaimName = "data2", AsOf = At(5).AddSeconds(-1) }, $"{Namespace}/data2-04");
        await GivesAsync("by-id", new RestoreSource { SnapshotId = Id($"/walle/{Namespace}/data2", 2)[..10] }, $"{Namespace}/data2-02");
        await GivesAsync("by-job", new RestoreSource { SnapshotId = real.ShortId }, $"{Namespace}/data-newest");

        await RefusedAsync("too-far", FromClaim("data", "target", new NewClaim()) with { Source = new RestoreSource { ClaimName = "data", Previous = 11 } }, Reason.BackupNotFound, "there are 11");
        await RefusedAsync("too-old", FromClaim("data", "target", new NewClaim()) with { Source = new RestoreSource { ClaimName = "data", AsOf = At(1).AddSeconds(-1) } }, Reason.BackupNotFound, "as old as");
        await RefusedAsync("foreign", FromClaim("data", "target", new NewClaim()) with { Source = new RestoreSource { ClaimName = "data", Namespace = Other } }, Reason.ForeignBackup, "WALLE_RESTORE_NAMESPACES");
        await RefusedAsync("foreign-id", From(new RestoreSource { SnapshotId = Id($"/walle/{Other}/data", 3) }, new RestoreTarget { ClaimName = "target", Create = new NewClaim() }), Reason.ForeignBackup, "not of this namespace");
        var patch = new V1Patch(JsonSerializer.Serialize(new { stringData = new { WALLE_RESTORE_NAMESPACES = Other } }), V1Patch.PatchType.MergePatch);
        await Kubernetes.CoreV1.PatchNamespacedSecretAsync(patch, SecretName, Namespace);
        await GivesAsync("allowed", new RestoreSource { ClaimName = "data", Namespace = Other, Previous = 1 }, $"{Other}/data-07");
    }

    [Test]
    public async Task Dump_IsRestoredIntoAClaim_AsAFileOfItsName()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync(
            "db", new Dictionary<string, string> { [HookAnnotation.Dump] = "head -c 2000000 /dev/urandom | tee /data/source", [HookAnnotation.FileName] = "all.sql" }, image, ["sleep", "86400"], volumes: "data");
        var dump = (await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "db")).Dumps!.Single();

        await RestoreAsync("undo", From(new RestoreSource { Dump = "db/all.sql" }, new RestoreTarget { ClaimName = "copy", Create = new NewClaim { StorageClassName = StorageNames.FileImmediate, Size = "64Mi" } }));

        var folder = await Storage.VolumePathAsync(Namespace, "copy");
        Assert.That((await Cluster.Node.RunAsync("sh", "-c", "cd \"$1\" && ls -A && sha256sum all.sql", "look", folder)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line != "lost+found"),
            Is.EqualTo(new[] { "all.sql", $"{dump.Sha256}  all.sql" }));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task PostgresDataDirectory_LostWithItsWorkload_ComesBack_AndTheDatabaseIsEqual()
    {
        await ApplyAsync("postgres-volume");
        await SqlAsync("ledger-0", "CREATE TABLE t AS SELECT g AS id, md5(g::text) AS text FROM generate_series(1, 50000) g");
        var expected = await SqlAsync("ledger-0", Checksum);
        await BackUpWorkloadAsync("first", SourceKind.StatefulSet, "ledger");
        var set = await KubectlAsync("get", "statefulset", "ledger", "-o", "yaml");
        await KubectlAsync("delete", "statefulset", "ledger", "--wait=true");
        await KubectlAsync("wait", "--for=delete", "--timeout=60s", "pod/ledger-0");
        await DeleteClaimAsync("data-ledger-0");

        await RestoreAsync("undo", FromClaim("data-ledger-0", "data-ledger-0", new NewClaim()));

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, set);
        await KubectlAsync("create", "-f", file);
        File.Delete(file);
        await RunsAsync("ledger-0");
        await AnswersAsync("ledger-0");
        Assert.That(await SqlAsync("ledger-0", Checksum), Is.EqualTo(expected));
    }

    private Task<string> KubectlAsync(params string[] arguments) => HostCommand.RunAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, "-n", Namespace, .. arguments]);

    private static DateTimeOffset At(int day) => new(2026, 1, day, 3, 0, 0, TimeSpan.Zero);

    /// <summary>28 snapshots: ten days of two claims here, eight of one in another namespace, as Walle writes them.</summary>
    private async Task AddAsync()
    {
        var script = new StringBuilder("set -e; ");
        foreach (var (path, days) in new[] { ($"{Namespace}/data", 10), ($"{Namespace}/data2", 10), ($"{Other}/data", 8) })
        {
            for (var day = 1; day <= days; day++)
            {
                script.Append(CultureInfo.InvariantCulture,
                    $"mkdir -p /walle/{path}; cd /walle/{path}; echo {path}-{day:00} > file; restic backup -q --no-cache --no-scan --host test-cluster --time '2026-01-{day:00} 03:00:00' --tag walle --tag uid={path}-{day} --tag job=x --tag size=64Mi --tag class={StorageNames.BlockImmediate} --tag modes=ReadWriteOnce .; ");
            }
        }

        await Restore.ShellAsync(script.ToString());
    }

    private async Task GivesAsync(string name, RestoreSource source, string content)
    {
        await RestoreAsync(name, From(source, new RestoreTarget { ClaimName = $"target-{name}", Create = new NewClaim() }));
        Assert.That(await Cluster.Node.RunAsync("sh", "-c", "cat \"$1\"/file", "cat", await Storage.VolumePathAsync(Namespace, $"target-{name}")), Is.EqualTo(content).IgnoreWhiteSpace, name);
    }
}
