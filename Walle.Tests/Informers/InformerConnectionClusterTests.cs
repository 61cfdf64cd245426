using NUnit.Framework;
using Walle.Controller.Kubernetes;

namespace Walle.Tests.Informers;

[TestFixture]
public sealed class InformerConnectionClusterTests : InformerFaultTest
{
    private static readonly ResourcePath Claims = new("", "v1", "persistentvolumeclaims");

    [Test]
    public async Task Watch_CutInTheMiddle_ResumesWithoutAListAndMissesNothing()
    {
        await CreateClaimAsync("deleted-meanwhile");
        await StartAsync(Claims);
        await CreateClaimAsync("before");
        await Changes.WaitForAsync("+before");
        Proxy.Refuse();
        await Watches.NextRestartAsync();
        await DeleteClaimAsync("deleted-meanwhile");
        await CreateClaimAsync("made-meanwhile");
        await Watches.NextRestartAsync();
        Proxy.Accept();
        await Changes.WaitForAsync("-deleted-meanwhile");
        await Changes.WaitForAsync("+made-meanwhile");
        Assert.That(Informer.List().Select(claim => claim.Name.Name), Is.EquivalentTo(new[] { "before", "made-meanwhile" }));
        Assert.That(Watches.MoreLists, Is.Zero);
    }

    [Test]
    public async Task Connection_DeadWithoutAWord_IsNoticedAndReplaced()
    {
        await StartAsync(Claims);
        await CreateClaimAsync("before");
        await Changes.WaitForAsync("+before");
        Proxy.Freeze();
        await CreateClaimAsync("unseen");
        await Watches.NextRestartAsync();
        Proxy.AcceptAfterFreeze();
        await Changes.WaitForAsync("+unseen");
        Assert.That(Watches.MoreLists, Is.Zero);
    }
}
