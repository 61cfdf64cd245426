using k8s;
using NUnit.Framework;

namespace Walle.Tests.Cluster;

/// <summary>Alone: while the node is paused, no other test gets an answer.</summary>
[TestFixture, NonParallelizable]
public sealed class ClusterPauseTests : ClusterTest
{
    [Test]
    public async Task A_paused_cluster_does_not_answer_and_goes_on_where_it_was()
    {
        await Cluster.PauseAsync();
        try
        {
            using var impatient = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            Assert.That(async () => await Kubernetes.CoreV1.ReadNamespaceAsync(Namespace, cancellationToken: impatient.Token), Throws.InstanceOf<OperationCanceledException>());
        }
        finally
        {
            await Cluster.UnpauseAsync();
        }

        Assert.That((await Kubernetes.CoreV1.ReadNamespaceAsync(Namespace)).Status.Phase, Is.EqualTo("Active"));
    }
}
