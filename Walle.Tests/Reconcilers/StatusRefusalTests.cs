using System.Net;
using k8s.Autorest;
using NUnit.Framework;
using Walle.Tests.Pipeline.Restore;

namespace Walle.Tests.Reconcilers;

/// <summary>A status that the installed CRD does not allow (an upgrade without its CRDs): told by one Event, and the run goes on once that is mended.</summary>
internal sealed class StatusRefusalTests
{
    private const string Invalid = """{"kind":"Status","status":"Failure","reason":"Invalid","message":"status.phase: Unsupported value: \"Queued\"","code":422}""";

    [Test]
    public async Task BackupJob_TellsOnce_AndGoesOnWhenItIsMended()
    {
        using var harness = new ReconcilerHarness();
        await TellsOnceAndGoesOnAsync(harness.Api, harness.ReconcileAsync, harness.Hear, harness.SettleAsync);
        Assert.That(harness.Status.Phase, Is.Not.Null);
    }

    [Test]
    public async Task RestoreJob_TellsOnce_AndGoesOnWhenItIsMended()
    {
        using var harness = new RestoreHarness(RestoreStage.Job());
        harness.PutTarget("Bound");
        await TellsOnceAndGoesOnAsync(harness.Api, harness.ReconcileAsync, harness.Hear, harness.SettleAsync);
        Assert.That(harness.Status.Phase, Is.Not.Null);
    }

    private static async Task TellsOnceAndGoesOnAsync(FakeApi api, Func<Task> reconcile, Action hear, Func<Task> settle)
    {
        api.Refuse = RefuseStatus;
        for (var attempt = 0; attempt < 3; attempt++)
            await RefusedAsync(reconcile, hear);
        AssertTold(api);

        api.Refuse = _ => null;
        await settle();
    }

    /// <summary>Whatever comes before the status (a finalizer) is written; then the status is refused.</summary>
    private static async Task RefusedAsync(Func<Task> reconcile, Action hear)
    {
        for (var turn = 0; turn < 3; turn++)
        {
            try
            {
                await reconcile();
                hear();
            }
            catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.UnprocessableEntity)
            {
                return;
            }
        }

        Assert.Fail("no status was written");
    }

    private static (HttpStatusCode Code, string Body)? RefuseStatus(string line) =>
        line.StartsWith("PATCH", StringComparison.Ordinal) && line.EndsWith("/status", StringComparison.Ordinal) ? (HttpStatusCode.UnprocessableEntity, Invalid) : null;

    private static void AssertTold(FakeApi api)
    {
        var told = api.Objects.Single(item => item.Key.Contains("/events/", StringComparison.Ordinal)).Value;
        Assert.Multiple(() =>
        {
            Assert.That(told["reason"]!.GetValue<string>(), Is.EqualTo("StatusRefused"));
            Assert.That(told["message"]!.GetValue<string>(), Does.Contain("kubectl apply -k manifests/crds").And.Contain("status.phase: Unsupported value"));
        });
    }
}
