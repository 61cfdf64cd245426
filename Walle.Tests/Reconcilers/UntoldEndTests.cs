using System.Net;
using NUnit.Framework;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Reconcilers;

/// <summary>
/// I11: each end is told by one Event, also when the controller was killed, or the answer lost, between writing it down and telling it: found by the crash
/// matrix.
/// </summary>
internal sealed class UntoldEndTests
{
    private const string Events = "POST /api/v1/namespaces/shop/events";

    [Test]
    public async Task EndWhoseWriteWasNotAnswered_IsToldOnce()
    {
        using var harness = await EndedAsync();
        harness.Api.LoseAnswer = line => line == $"PATCH {ReconcilerHarness.JobPath}/status";
        Assert.That(harness.ReconcileAsync, Throws.InstanceOf<Exception>());
        harness.Api.LoseAnswer = _ => false;
        Assert.That(Told(harness), Is.Zero);

        await CleanUpAsync(harness);

        Assert.That(Told(harness), Is.EqualTo(1));
    }

    [Test]
    public async Task EndThatWasWrittenByAControllerThatIsGone_IsTold()
    {
        using var harness = await EndedAsync();
        harness.Api.Refuse = line => line == Events ? (HttpStatusCode.InternalServerError, "{}") : null;
        await harness.ReconcileAsync();
        harness.Api.Refuse = _ => null;
        harness.Api.Writes.Clear();
        harness.Restart();

        await CleanUpAsync(harness);

        Assert.That(Told(harness), Is.EqualTo(1));
    }

    private static int Told(ReconcilerHarness harness) => harness.Api.Writes.Count(write => write == Events);

    private static async Task<ReconcilerHarness> EndedAsync()
    {
        var harness = new ReconcilerHarness();
        await harness.RunToWorkerAsync();
        harness.ShowPod(A.Pod().Running());
        await harness.SettleAsync();
        harness.ShowPod(A.Pod().Succeeded());
        return harness;
    }

    private static async Task CleanUpAsync(ReconcilerHarness harness)
    {
        harness.Hear();
        await harness.ReconcileAsync();
        harness.Hear();
        harness.ShowPod(null);
        await harness.SettleAsync();
        Assert.That(harness.Status.Phase, Is.EqualTo(BackupPhase.Succeeded));
    }
}
