using System.Text.Json;
using NUnit.Framework;
using Walle.Crds.Contracts;
using Walle.Tests.Chaos.Proxy;
using Walle.Tests.EndToEnd;

namespace Walle.Tests.Chaos;

/// <summary>What must hold whatever was killed or lost: the numbers are those of reliability.md §5.</summary>
internal static class Invariants
{
    private static readonly string[] Forbidden = ["secrets", "serviceaccounts", "roles", "rolebindings", "clusterroles", "clusterrolebindings"];

    /// <summary>I2: at most one snapshot of a source for a run.</summary>
    public static void NothingIsThereTwice(IReadOnlyList<JsonElement> snapshots)
    {
        var twice = snapshots
            .GroupBy(snapshot => (Uid: SnapshotTags.ValueOf(TagsOf(snapshot), SnapshotTags.JobUid), Path: snapshot.GetProperty("paths").ToString()))
            .Where(same => same.Key.Uid is not null && same.Count() > 1).Select(same => $"{same.Key.Path} of run {same.Key.Uid}: {same.Count()}");
        Assert.That(twice, Is.Empty, "I2: a source was saved twice by one run");
    }

    /// <summary>I3, first half: what a status calls saved is in the repository.</summary>
    public static void WhatIsCalledSavedIsThere(IEnumerable<string> ids, IReadOnlyList<JsonElement> snapshots) =>
        Assert.That(ids, Is.SubsetOf(snapshots.Select(snapshot => snapshot.GetProperty("id").GetString())), "I3: a status names a snapshot that is not there");

    /// <summary>I4: nothing temporary is left in the namespace, the cluster, the storage or the repository.</summary>
    public static async Task NothingIsLeftAsync(ChaosCluster chaos, string ns)
    {
        await new LeakCheck(chaos.Cluster, ns).NothingIsLeftAsync();
        await Patience.UntilAsync(async () => (await chaos.Storage.LeftOversAsync(ns)).Snapshots.Count == 0, TimeSpan.FromSeconds(30), () => "I4: the storage still holds snapshots");
        Assert.That(await chaos.Inspector.LocksAsync(ns), Is.Zero, "I4: a lock is left in the repository");
    }

    /// <summary>I8: what the controller asked for.</summary>
    public static void OnlyWhatIsAllowedWasAsked(IReadOnlyList<ApiCall> calls, string ns)
    {
        Assert.That(calls.Where(call => Forbidden.Contains(call.Resource.Split('/')[0])), Is.Empty, "I8");
        Assert.That(calls.Where(call => call.Verb == "exec" && call.Namespace != ns), Is.Empty, "I8: a command in another namespace");
    }

    /// <summary>I9: the repository's password is nowhere.</summary>
    public static void NoSecretIsTold(string log, IEnumerable<ApiRecord> effects)
    {
        Assert.That(log, Does.Not.Contain(EndToEndTest.Password), "I9: the log");
        Assert.That(effects.Where(effect => effect.Answer.Contains(EndToEndTest.Password, StringComparison.Ordinal)).Select(effect => effect.Call.Kind), Is.Empty, "I9: an object");
    }

    /// <summary>I10: a fault costs a few writes, not a storm of them.</summary>
    public static void WritesAreFew(int writes, int withoutFaults, int faults) =>
        Assert.That(writes, Is.LessThanOrEqualTo(withoutFaults + 6 + (6 * faults)), "I10: writes");

    private static List<string> TagsOf(JsonElement snapshot) =>
        snapshot.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Array ? [.. tags.EnumerateArray().Select(tag => tag.GetString()!)] : [];
}
