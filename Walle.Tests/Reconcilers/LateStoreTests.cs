using System.Text.Json.Nodes;
using NUnit.Framework;
using Walle.Controller.Projections;
using Walle.Crds;
using Walle.Tests.Builders;

namespace Walle.Tests.Reconcilers;

/// <summary>
/// Jobs and Pods come over different watches. A Job that is known to have ended before its Pod is has not lost its result: found by a proxy that ends watches
/// (F13), where an initialisation that had succeeded was taken for failed.
/// </summary>
internal sealed class LateStoreTests
{
    [TestCase("Complete")]
    [TestCase("Failed")]
    public async Task JobThatHasEnded_BeforeItsPodIsKnown_HasTheResultOfItsPod(string condition)
    {
        using var harness = new ReconcilerHarness();
        await harness.RunToWorkerAsync();
        harness.ShowPod(A.Pod().Running());
        await harness.SettleAsync();
        PodProjection ended = A.Pod().Succeeded();
        harness.Api.Put($"/api/v1/namespaces/shop/pods/{ended.Name.Name}", PodOf(harness, ended));
        harness.Api.Change(ReconcilerHarness.WorkerPath, $$"""{"status":{"conditions":[{"type":"{{condition}}","status":"True"}] } }""");
        harness.Hear();
        harness.ShowPod(null);

        await harness.ReconcileAsync();

        Assert.That(harness.Status.Volumes!.Single().ResticSnapshotId, Is.Not.Null, harness.Status.Message);
        Assert.That(harness.Status.Attempts, Is.EqualTo(1), "a second attempt would save the volume twice");
    }

    [Test]
    public async Task JobThatHasEnded_WithAPodThatSaysHow_IsNotReadAgain()
    {
        using var harness = new ReconcilerHarness();
        await harness.RunToWorkerAsync();
        harness.ShowPod(A.Pod().Succeeded());
        harness.Api.Change(ReconcilerHarness.WorkerPath, """{"status":{"conditions":[{"type":"Complete","status":"True"}] } }""");
        harness.Hear();
        harness.Api.Reads.Clear();

        await harness.ReconcileAsync();

        Assert.That(harness.Status.Volumes!.Single().ResticSnapshotId, Is.Not.Null);
        Assert.That(harness.Api.Reads.Where(read => read.EndsWith("/pods", StringComparison.Ordinal)), Is.Empty);
    }

    private static JsonObject PodOf(ReconcilerHarness harness, PodProjection pod) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["labels"] = new JsonObject { [WellKnown.ManagedByLabel] = WellKnown.ManagedByValue, [WellKnown.OwnerUidLabel] = A.Uid },
            ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["name"] = "x", ["controller"] = true, ["uid"] = harness.Api.Objects[ReconcilerHarness.WorkerPath]["metadata"]!["uid"]!.GetValue<string>() }),
        },
        ["status"] = new JsonObject
        {
            ["phase"] = "Succeeded",
            ["containerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = PodProjection.WorkerContainer, ["ready"] = false, ["restartCount"] = 0, ["image"] = "x", ["imageID"] = "x",
                ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 0, ["message"] = pod.TerminationMessage, ["finishedAt"] = "2026-11-22T12:01:00Z" } },
            }),
        },
    };
}
