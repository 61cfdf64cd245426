using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Tests.Chaos.Scenarios;

/// <summary>A workload that is held while its volume is cut: whatever is killed, it is let go.</summary>
public sealed class WorkloadHookCrashTests : CrashMatrixTest
{
    private const string Name = "workload-hooks";
    private const string Job = "first";

    protected override string Scenario => Name;

    [Test]
    public Task WorkloadHooks_IsAsRecorded() => IsAsRecordedAsync();

    [TestCaseSource(typeof(CrashPoints), nameof(CrashPoints.Of), new object[] { Name, 1 })]
    public Task WorkloadHooks(object point) => SurvivesAsync((CrashPoint)point);

    protected override async Task PrepareAsync()
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        await CreateStatefulSetAsync("db", new Dictionary<string, string>
        {
            [HookAnnotation.Before] = "echo before >> /log/hooks; echo frozen > /data/state; sync", [HookAnnotation.After] = "echo after >> /log/hooks; echo thawed > /data/state",
        }, image, ["sh", "-c", "while true; do sleep 1; done"], volumes: ["data", "log"]);
    }

    protected override Task ActAsync() => CreateWorkloadBackupAsync(Job, SourceKind.StatefulSet, "db");

    protected override async Task EndAsync() => await EndOfAsync(Job);

    protected override async Task ProveAsync()
    {
        var status = await EndOfAsync(Job);
        Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), status.Message);
        Assert.That(await LinesAsync("db-0", "/data/state"), Is.EqualTo(new[] { "thawed" }), "I5: it is still held");
        var hooks = await LinesAsync("db-0", "/log/hooks");
        // A controller that is killed when it has written down that it will run the before-hook leaves an after-hook to be run: it may have run.
        Assert.That(hooks[^1], Is.EqualTo("after"), "I5");
        Assert.That(hooks, Does.Contain("before"));
        var restored = await Chaos.Inspector.RestoreAsync(Namespace, status.Volumes!.Single(volume => volume.ClaimName == "data-db-0").ResticSnapshotId!);
        Assert.That(await Cluster.Node.RunAsync("cat", $"{restored}/state"), Is.EqualTo("frozen\n"), "I3: it was cut while it was held");
    }
}
