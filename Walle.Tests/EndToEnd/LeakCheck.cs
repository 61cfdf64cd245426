using System.Text.Json;
using k8s;
using Walle.Crds;
using Walle.Tests.Cluster;

namespace Walle.Tests.EndToEnd;

/// <summary>Looks for temporary objects of Walle's that belong to one namespace.</summary>
internal sealed class LeakCheck(TestCluster cluster, string @namespace)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public async Task NothingIsLeftAsync()
    {
        IReadOnlyList<string> left = [];
        await Patience.UntilAsync(async () => (left = await LeftAsync()).Count == 0, Deadline, () => $"still there: {string.Join(", ", left)}");
    }

    public async Task<IReadOnlyList<string>> LeftAsync()
    {
        var api = cluster.Kubernetes;
        var left = new List<string>();
        left.AddRange((await api.BatchV1.ListNamespacedJobAsync(@namespace, labelSelector: WellKnown.ManagedBySelector)).Items.Select(job => $"Job {job.Metadata.Name}"));
        left.AddRange((await api.CoreV1.ListNamespacedPodAsync(@namespace, labelSelector: WellKnown.ManagedBySelector)).Items.Select(pod => $"Pod {pod.Metadata.Name}"));
        left.AddRange((await api.CoreV1.ListNamespacedPersistentVolumeClaimAsync(@namespace, labelSelector: WellKnown.ManagedBySelector)).Items.Select(claim => $"PersistentVolumeClaim {claim.Metadata.Name}"));
        left.AddRange((await api.CoreV1.ListPersistentVolumeAsync()).Items
            .Where(volume => volume.Spec.ClaimRef?.NamespaceProperty == @namespace && volume.Spec.ClaimRef.Name.StartsWith("walle-", StringComparison.Ordinal))
            .Select(volume => $"PersistentVolume {volume.Metadata.Name}"));
        left.AddRange(await SnapshotsAsync(api));
        return left;
    }

    private async Task<IEnumerable<string>> SnapshotsAsync(IKubernetes api)
    {
        var snapshots = (JsonElement)await api.CustomObjects.ListNamespacedCustomObjectAsync("snapshot.storage.k8s.io", "v1", @namespace, "volumesnapshots");
        var contents = (JsonElement)await api.CustomObjects.ListClusterCustomObjectAsync("snapshot.storage.k8s.io", "v1", "volumesnapshotcontents");
        return snapshots.GetProperty("items").EnumerateArray().Select(item => $"VolumeSnapshot {Name(item)}")
            .Concat(contents.GetProperty("items").EnumerateArray()
                .Where(item => item.GetProperty("spec").GetProperty("volumeSnapshotRef").GetProperty("namespace").GetString() == @namespace)
                .Select(item => $"VolumeSnapshotContent {Name(item)}"));
    }

    private static string? Name(JsonElement item) => item.GetProperty("metadata").GetProperty("name").GetString();
}
