using System.Globalization;
using System.Text.Json;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.V1;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>
/// Two volumes of a StatefulSet that is writing all the time: cut as one where the cluster can, side by side where it cannot. One test, since a cluster
/// that has once been given VolumeGroupSnapshots keeps them.
/// </summary>
[NonParallelizable]
public sealed class GroupSnapshotTests : WorkloadTest
{
    /// <summary>First to data, then to log: at any moment data is at the number of log, or one further.</summary>
    private const string Count = "i=0; while true; do i=$((i+1)); for v in data log; do echo $i > /$v/new && mv /$v/new /$v/number; done; sleep 0.02; done";
    private const string GroupClass = "group-of-volumes";

    [Test]
    public async Task Volumes_AreCutAsOne_WhereTheClusterCan()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string> { [HookAnnotation.Before] = "echo before >> /data/hooks", [HookAnnotation.After] = "echo after >> /data/hooks" },
            image, ["sh", "-c", Count], storageClass: StorageNames.GroupImmediate, volumes: ["data", "log"]);
        foreach (var volume in new[] { "data", "log" })
            await InPodAsync("db-0", "sh", "-c", $"head -c 300000 /dev/urandom | base64 -w0 > /{volume}/payload; sync");

        var alone = await BackUpWorkloadAsync("no-api", SourceKind.StatefulSet, "db");
        Assert.That(alone.VolumeGroupSnapshot, Is.Null, "nothing to tell where the cluster has no groups");

        await InstallAsync();
        var unclassed = await BackUpWorkloadAsync("no-class", SourceKind.StatefulSet, "db");
        Assert.That((unclassed.VolumeGroupSnapshot?.Name, unclassed.VolumeGroupSnapshot?.Message), Is.EqualTo(((string?)null, $"the volumes are snapshotted side by side: no VolumeGroupSnapshotClass is of driver {StorageNames.GroupDriver}")));

        await CreateClassAsync();
        try
        {
            var grouped = await BackUpWorkloadAsync("grouped", SourceKind.StatefulSet, "db");
            await IsCutAsOneAsync(grouped);
            await NothingIsLeftAsync();
            Assert.That(await GroupsAsync(), Is.Empty, "the group went with its members");

            // Somebody restores by hand, and takes the labels along.
            await CreateClaimAsync("restored", StorageNames.GroupImmediate);
            await Kubernetes.CoreV1.PatchNamespacedPersistentVolumeClaimAsync(new V1Patch("""{"metadata":{"labels":{"app":"db"}}}""", V1Patch.PatchType.MergePatch), "restored", Namespace);
            var ambiguous = await BackUpWorkloadAsync("ambiguous", SourceKind.StatefulSet, "db");
            Assert.That(ambiguous.VolumeGroupSnapshot!.Message, Does.Contain($"kubectl -n {Namespace} label pvc data-db-0 log-db-0 backup-group=db"));
            Assert.That(ambiguous.Volumes, Has.All.Property("ResticSnapshotId").Not.Null);
            await HostCommand.RunAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, "-n", Namespace, "label", "pvc", "data-db-0", "log-db-0", "backup-group=db"]);
            await IsCutAsOneAsync(await BackUpWorkloadAsync("labelled", SourceKind.StatefulSet, "db"));
            await NothingIsLeftAsync();
        }
        finally
        {
            await Kubernetes.CustomObjects.DeleteClusterCustomObjectAsync("groupsnapshot.storage.k8s.io", "v1", "volumegroupsnapshotclasses", GroupClass);
        }
    }

    private async Task IsCutAsOneAsync(BackupJobStatus status)
    {
        await TestContext.Out.WriteLineAsync($"frozen {status.FrozenSeconds} s, skew {status.SkewSeconds} s, duration {status.Duration}");
        Assert.Multiple(() =>
        {
            Assert.That(status.VolumeGroupSnapshot, Has.Property("ClassName").EqualTo(GroupClass).And.Property("Version").EqualTo("v1").And.Property("Message").Null);
            Assert.That((status.VolumeGroupSnapshot!.Name, status.VolumeGroupSnapshot.Uid), Is.Not.EqualTo(((string?)null, (string?)null)));
            Assert.That(status.SkewSeconds, Is.Zero);
            Assert.That(status.Volumes!.Select(volume => volume.VolumeSnapshotName), Has.All.StartsWith("snapshot-"), "the snapshot controller's names");
            Assert.That(status.Hooks, Has.Count.EqualTo(2).And.All.Property("Phase").EqualTo(HookPhase.Succeeded));
            Assert.That(status.FrozenSeconds, Is.LessThan(15));
        });
        var (data, log) = (await NumberAsync(status, "data-db-0"), await NumberAsync(status, "log-db-0"));
        await TestContext.Out.WriteLineAsync($"data at {data}, log at {log}");
        Assert.That(data - log, Is.InRange(0, 1), "one moment");
        foreach (var volume in status.Volumes!)
        {
            var source = await InPodAsync("db-0", "cat", $"/{volume.ClaimName.Split('-')[0]}/payload");
            Assert.That(await Restore.ResticAsync("dump", volume.ResticSnapshotId!, "/payload"), Is.EqualTo(source), volume.ClaimName);
        }

        Assert.That(await Restore.ResticAsync("dump", status.Volumes![0].ResticSnapshotId!, "/hooks"), Does.EndWith("before\n"), "inside the window");
    }

    private async Task<int> NumberAsync(BackupJobStatus status, string claim) => int.Parse(
        await Restore.ResticAsync("dump", status.Volumes!.Single(volume => volume.ClaimName == claim).ResticSnapshotId!, "/number"), CultureInfo.InvariantCulture);

    private async Task InstallAsync()
    {
        string[] kubectl = ["--kubeconfig", Cluster.Kubeconfig];
        var folder = RepositoryRoot.Combine("Walle.Tests", "Storage", "GroupCrds");
        await HostCommand.RunAsync("kubectl", [.. kubectl, "apply", "--server-side", "-f", folder]);
        await HostCommand.RunAsync("kubectl", [.. kubectl, "wait", "--for=condition=Established", "--timeout=60s", "-f", folder]);
        await Storage.ServeGroupsAsync();
    }

    private Task<object> CreateClassAsync() => Kubernetes.CustomObjects.CreateClusterCustomObjectAsync(
        new VolumeGroupSnapshotClass { Metadata = new V1ObjectMeta { Name = GroupClass }, Driver = StorageNames.GroupDriver }, "groupsnapshot.storage.k8s.io", "v1", "volumegroupsnapshotclasses");

    private async Task<IEnumerable<string?>> GroupsAsync()
    {
        var groups = (JsonElement)await Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync("groupsnapshot.storage.k8s.io", "v1", Namespace, "volumegroupsnapshots");
        var contents = (JsonElement)await Kubernetes.CustomObjects.ListClusterCustomObjectAsync("groupsnapshot.storage.k8s.io", "v1", "volumegroupsnapshotcontents");
        return groups.GetProperty("items").EnumerateArray().Concat(contents.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("metadata").GetProperty("name").GetString());
    }
}
