using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Walle.Controller.Diagnostics;
using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Crds;
using Walle.Tests.Cluster;

namespace Walle.Tests.Informers;

/// <summary>The informer against a real API server.</summary>
[TestFixture]
public sealed class InformerClusterTests : ClusterTest
{
    private readonly InformerMetrics _metrics = new(WalleMeter.Create());
    private readonly CancellationTokenSource _stop = new();
    private k8s.Kubernetes _client = null!;
    private ClusterInformers _informers = null!;
    private Task _run = Task.CompletedTask;

    [TearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _client?.Dispose();
    }

    [Test]
    public async Task Changes_of_a_claim_reach_the_store_and_the_handlers()
    {
        await CreateClaimAsync("before");
        var changes = Start();
        await _informers.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(_informers.Claims.Get(new NamespacedName(Namespace, "before")), Is.Not.Null);

        var created = await CreateClaimAsync("after");
        await changes.WaitForAsync("+after");
        var claim = _informers.Claims.Get(new NamespacedName(Namespace, "after"))!;
        Assert.Multiple(() =>
        {
            Assert.That(claim.Uid, Is.EqualTo(created.Metadata.Uid));
            Assert.That(claim.RequestedSize, Is.EqualTo("1Gi"));
            Assert.That(claim.VolumeMode, Is.EqualTo("Filesystem"));
            Assert.That(claim.Labels, Is.EqualTo(new[] { KeyValuePair.Create("app", "after"), KeyValuePair.Create(WellKnown.OwnerUidLabel, "owner-of-after") }));
            Assert.That(_informers.Claims.ByIndex(IndexNames.OwnerUid, "owner-of-after").Select(found => found.Name.Name), Is.EqualTo(new[] { "after" }));
        });
        await Kubernetes.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync("after", Namespace);
        await changes.WaitForAsync("-after");
        Assert.That(_informers.Claims.Get(new NamespacedName(Namespace, "after")), Is.Null);
    }

    private ChangeLog<ClaimProjection> Start()
    {
        _client = KubernetesClientFactory.Create(Cluster.Kubeconfig, null);
        var factory = new InformerFactory(new ApiConnection(_client), Namespace, InformerOptions.Default, _metrics, TimeProvider.System, NullLoggerFactory.Instance);
        _informers = new ClusterInformers(factory);
        var changes = new ChangeLog<ClaimProjection>(_informers.Claims);
        _run = _informers.RunAsync(_stop.Token);
        return changes;
    }

    private Task<V1PersistentVolumeClaim> CreateClaimAsync(string name) => Kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(
        new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["app"] = name, [WellKnown.OwnerUidLabel] = "owner-of-" + name } },
            Spec = new V1PersistentVolumeClaimSpec
            {
                AccessModes = ["ReadWriteOnce"],
                StorageClassName = "none",
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
            },
        },
        Namespace);
}
