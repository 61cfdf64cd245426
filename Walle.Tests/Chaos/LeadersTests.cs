using System.Globalization;
using NUnit.Framework;
using Walle.Tests.Chaos.Proxy;
using Walle.Tests.Chaos.Report;
using Walle.Tests.Chaos.Scenarios;
using Walle.Tests.Cluster;
using Walle.Tests.EndToEnd;

namespace Walle.Tests.Chaos;

/// <summary>
/// F18, two controllers: the leader stops where it is (SIGSTOP: a paused machine) until its Lease is over and another one has finished its work. When it
/// goes on it writes nothing more, and ends.
/// </summary>
public sealed class LeadersTests : ClaimBackupTest
{
    private static readonly TimeSpan LeadDeadline = TimeSpan.FromSeconds(60);

    private static IEnumerable<string> Moments() => CrashPoints.All ? ["patch backupjobs", "create volumesnapshots", "create persistentvolumeclaims", "create jobs"] : ["create volumesnapshots"];

    [TestCaseSource(nameof(Moments))]
    public async Task StoppedLeader_WritesNothingWhenItGoesOn(string moment)
    {
        var started = TimeProvider.System.GetTimestamp();
        await using var first = await ApiProxy.StartAsync(Cluster.Kubeconfig, FaultPlan.None);
        await using var second = await ApiProxy.StartAsync(Cluster.Kubeconfig, FaultPlan.None);
        (string, string)[] flags = [("namespace", Namespace), ("leader-election", "true"), ("lease-name", Namespace)];
        await using var leader = await Walle.ControllerAtAsync(first.Url, flags);
        await using var other = await Walle.ControllerAtAsync(second.Url, flags);
        leader.Start();
        await Eventually(() => Task.FromResult(first.Effects.Any(effect => effect.Call.Resource == "leases" && effect.Status is 200 or 201)), LeadDeadline, () => $"nobody leads:\n{leader.Log}");
        other.Start();
        await PrepareAsync();
        await ActAsync();
        await Eventually(() => Task.FromResult(first.Effects.Any(effect => effect.Call.Kind == moment)), BackupDeadline, () => $"no {moment}:\n{leader.Log}");
        await SignalAsync(leader, "STOP");
        try
        {
            await EndAsync();
            Assert.That(second.Effects.Any(effect => effect.Call.Resource == "backupjobs/status"), Is.True, "the other has taken over");
        }
        finally
        {
            await SignalAsync(leader, "CONT");
        }

        var before = WritesOf(first);
        Assert.That(await leader.ExitAsync().WaitAsync(LeadDeadline, TimeProvider.System), Is.EqualTo(1), $"it has lost its Lease and ends:\n{leader.Log}");
        Assert.That(WritesOf(first), Is.EqualTo(before), "I2: it writes although it leads no more");
        var snapshots = await Chaos.Inspector.SnapshotsAsync(Namespace);
        Assert.That(snapshots, Has.Count.EqualTo(1));
        StatusHistory.OnlyGoesForward(first.Effects.Concat(second.Effects).OrderBy(effect => effect.At));
        await Invariants.NothingIsLeftAsync(Chaos, Namespace);
        await ProveAsync();
        await ChaosReport.AddAsync(new FaultResult("leaders", Scenario, moment, Survived: true, Struck: true, before + WritesOf(second), Math.Round(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1), "SIGSTOP until another leads"));
    }

    /// <summary>Those that the server has carried out, its Lease left out: it may ask for that again, in vain.</summary>
    private static int WritesOf(ApiProxy proxy) => proxy.Effects.Count(effect => effect.Status is >= 200 and < 300 && effect.Call.Resource != "leases");

    private static Task<string> SignalAsync(ControllerProcess controller, string signal) =>
        HostCommand.RunAsync("kill", [$"-{signal}", controller.Id.ToString(CultureInfo.InvariantCulture)]);
}
