using System.Globalization;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Walle.Controller.Diagnostics;
using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;

namespace Walle.Tests.Informers;

/// <summary>A real etcd that forgets its past. Events have no watch cache in kube-apiserver, so their watches see it at once.</summary>
[TestFixture]
public sealed class InformerCompactionClusterTests : InformerFaultTest
{
    private static readonly ResourcePath Events = new("", "v1", "events");

    [Test]
    public async Task Watch_FromACompactedVersion_RelistsAndDeletionsMeanwhileBecomeTombstones()
    {
        await CreateEventAsync("kept");
        await CreateEventAsync("deleted-meanwhile");
        await StartAsync(Events);
        Proxy.Refuse();
        await Watches.NextRestartAsync();
        await Kubernetes.CoreV1.DeleteNamespacedEventAsync("deleted-meanwhile", Namespace);
        await CreateEventAsync("made-meanwhile");
        await CompactAsync();
        Proxy.Accept();
        await Watches.NextListAsync();
        await Changes.WaitForAsync("-deleted-meanwhile");
        await Changes.WaitForAsync("+made-meanwhile");
        Assert.That(Informer.List().Select(item => item.Name.Name), Is.EquivalentTo(new[] { "kept", "made-meanwhile" }));
    }

    [Test]
    public async Task List_ContinueTokenOfACompactedVersion_IsExpired()
    {
        await CreateEventAsync("a");
        await CreateEventAsync("b");
        using var client = KubernetesClientFactory.Create(Cluster.Kubeconfig, null);
        using var meter = WalleMeter.Create();
        var metrics = new InformerMetrics(meter);
        var source = new HttpListerWatcher<ClaimProjection>("Event", new ApiConnection(client), Events, Namespace, null, new ClaimDecoder(), metrics, TimeProvider.System, NullLogger.Instance);
        var first = await source.ListPageAsync(1, null, CancellationToken.None);
        Assert.That((first.Items.Count, first.ContinueToken is null), Is.EqualTo((1, false)));
        await CreateEventAsync("c");
        await CompactAsync();
        var thrown = Assert.ThrowsAsync<ListWatchException>(() => source.ListPageAsync(1, first.ContinueToken, CancellationToken.None));
        Assert.That(thrown!.Failure, Is.EqualTo(ListWatchFailure.Expired));
    }

    /// <summary>Through etcd's JSON gateway: the node has curl, and not always etcdctl.</summary>
    private async Task CompactAsync()
    {
        const string Etcd = "http://127.0.0.1:2379/v3/kv/";
        var range = await Cluster.Node.RunAllowingFailureAsync("curl", "-sf", Etcd + "range", "-d", """{"key":"AA=="}""");
        if (range.ExitCode != 0)
            Assert.Ignore("this node keeps its objects elsewhere than in an etcd on port 2379 (rancher/k3s: kine)");
        using var answer = JsonDocument.Parse(range.Output);
        var revision = long.Parse(answer.RootElement.GetProperty("header").GetProperty("revision").GetString()!, CultureInfo.InvariantCulture);
        var compacted = await Cluster.Node.RunAsync("curl", "-s", Etcd + "compaction", "-d", $$"""{"revision":"{{revision}}","physical":true}""");
        // Or the other test of this kind has just done it, up to a later revision.
        Assert.That(compacted, Does.Contain("\"header\"").Or.Contain("has been compacted"));
    }

    private Task<Corev1Event> CreateEventAsync(string name) => Kubernetes.CoreV1.CreateNamespacedEventAsync(
        new Corev1Event { Metadata = new V1ObjectMeta { Name = name }, InvolvedObject = new V1ObjectReference { NamespaceProperty = Namespace }, Message = "test" },
        Namespace);
}
