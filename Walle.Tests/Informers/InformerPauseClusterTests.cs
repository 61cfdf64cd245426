using NUnit.Framework;
using Walle.Controller.Kubernetes;

namespace Walle.Tests.Informers;

/// <summary>Alone, as it stops the API server under everybody.</summary>
[TestFixture]
[NonParallelizable]
public sealed class InformerPauseClusterTests : InformerFaultTest
{
    [Test]
    public async Task ApiServer_PausedAndResumed_InformerCatchesUp()
    {
        await StartAsync(new ResourcePath("", "v1", "persistentvolumeclaims"));
        await Cluster.PauseAsync();
        try
        {
            await Watches.NextRestartAsync();
            await Watches.NextRestartAsync();
            Assert.That((Informer.IsAlive, Informer.HasSynced), Is.EqualTo((true, true)));
        }
        finally
        {
            await Cluster.UnpauseAsync();
        }
        await CreateClaimAsync("after");
        await Changes.WaitForAsync("+after");
        Assert.That(Watches.MoreLists, Is.Zero);
    }
}
