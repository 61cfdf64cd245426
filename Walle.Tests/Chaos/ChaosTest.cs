using System.Text.Json;
using k8s;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.V1;
using Walle.Tests.Chaos.Proxy;
using Walle.Tests.Cluster;
using Walle.Tests.EndToEnd;
using Walle.Tests.Storage;

namespace Walle.Tests.Chaos;

/// <summary>
/// A scenario, run by a controller of its own in a namespace of its own, with faults between it and the API server: it comes to the same end as without,
/// and the invariants hold.
/// </summary>
[Category("Chaos")]
public abstract class ChaosTest : RestoreEndToEndTest
{
    /// <summary>No write for so long, and nothing more will come: longer than any back-off after a single fault.</summary>
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan StillDeadline = TimeSpan.FromSeconds(90);

    private ChaosCluster? _chaos;

    private protected ChaosCluster Chaos => _chaos!;

    private protected ApiProxy Proxy { get; private set; } = null!;

    private protected ControllerSupervisor Supervisor { get; private set; } = null!;

    /// <summary>Its name in the recordings and the report.</summary>
    protected abstract string Scenario { get; }

    /// <summary>Already when the controller lists for the first time and begins to watch; else only when all is prepared.</summary>
    protected virtual bool StrikesFromTheStart => false;

    /// <summary>What is there before: no fault strikes yet.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>What the user does.</summary>
    protected abstract Task ActAsync();

    /// <summary>Waits until all that follows is over.</summary>
    protected abstract Task EndAsync();

    /// <summary>The scenario's own proof: the data that came back, the hooks that ran.</summary>
    protected virtual Task ProveAsync() => Task.CompletedTask;

    protected override async Task<TestCluster> GetClusterAsync() => (_chaos = await ChaosCluster.GetAsync()).Cluster;

    internal override Task<(WalleUnderTest Walle, StorageDouble Storage)> GetWalleAsync() => Task.FromResult((Chaos.Walle, Chaos.Storage));

    private protected async Task<ChaosRun> RunAsync(FaultPlan plan)
    {
        var started = TimeProvider.System.GetTimestamp();
        await using var proxy = Proxy = await ApiProxy.StartAsync(Cluster.Kubeconfig, plan);
        if (StrikesFromTheStart)
            plan.Arm();
        await using var supervisor = Supervisor = new ControllerSupervisor(await Walle.ControllerAtAsync(proxy.Url, ("namespace", Namespace)));
        proxy.KillAsync = supervisor.KillAsync;
        try
        {
            await PrepareAsync();
            // What follows of the preparation is none of the scenario's calls.
            await Eventually(() => Task.FromResult(StrikesFromTheStart || proxy.Quiet > Settled), StillDeadline, () => "the preparation goes on writing");
            plan.Arm();
            await ActAsync();
            await EndAsync();
            await Eventually(() => Task.FromResult(proxy.Quiet > Still), StillDeadline, () => $"I7: it goes on writing: {string.Join(", ", proxy.Effects.TakeLast(8).Select(effect => effect.Call.Kind))}");
            plan.Disarm();
            return await ProveAsync(plan, supervisor, started);
        }
        catch (Exception) when (Tell(plan, supervisor))
        {
            throw;
        }
    }

    private async Task<ChaosRun> ProveAsync(FaultPlan plan, ControllerSupervisor supervisor, long started)
    {
        IReadOnlyList<ApiRecord> armed = [.. Proxy.Effects.Where(effect => effect.IsArmed)];
        var snapshots = await Chaos.Inspector.SnapshotsAsync(Namespace);
        Assert.That(supervisor.OwnExits, Is.Empty, "the controller ended by itself");
        Invariants.NothingIsThereTwice(snapshots);
        Invariants.OnlyWhatIsAllowedWasAsked(Proxy.Calls, Namespace);
        Invariants.NoSecretIsTold(supervisor.Log, Proxy.Effects);
        StatusHistory.OnlyGoesForward(Proxy.Effects);
        await Invariants.NothingIsLeftAsync(Chaos, Namespace);
        await ProveAsync();
        return new ChaosRun(armed, plan.Trace, await EndState.ReadAsync(Kubernetes, Namespace, snapshots), supervisor.Kills, TimeProvider.System.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>The restic snapshot of a volume is the volume: path, type, mode, owner, time, content, attributes.</summary>
    private protected async Task IsIdenticalAsync(BackupJobStatus status, string claim)
    {
        var volume = status.Volumes!.Single(volume => volume.ClaimName == claim);
        Invariants.WhatIsCalledSavedIsThere([volume.ResticSnapshotId!], await Chaos.Inspector.SnapshotsAsync(Namespace));
        var restored = await Chaos.Inspector.RestoreAsync(Namespace, volume.ResticSnapshotId!);
        Assert.That(await Restore.ManifestOfFolderAsync(restored), Is.EqualTo(await ManifestOfClaimAsync(claim)), "I3: what came back is not what was there");
    }

    /// <summary>Of the objects of one of Walle's kinds that are there.</summary>
    protected async Task<IReadOnlyList<string>> NamesAsync(string plural) =>
        [.. ((JsonElement)await Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, plural)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("metadata").GetProperty("name").GetString()!)];

    /// <summary>Never handles the exception: only the log is still to be had.</summary>
    private bool Tell(FaultPlan plan, ControllerSupervisor supervisor)
    {
        TestContext.Out.WriteLine($"faults: {string.Join("; ", plan.Trace)}");
        TestContext.Out.WriteLine($"calls: {string.Join("; ", Proxy.Effects.TakeLast(40).Select(effect => $"{effect.Call.Kind} {effect.Call.Name} {effect.Status}"))}");
        TestContext.Out.WriteLine(string.Join('\n', supervisor.Log.Split('\n').TakeLast(80)));
        return false;
    }
}
