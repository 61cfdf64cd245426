using Walle.Crds.Contracts;
using Walle.Worker.Restic;
using Walle.Worker.Restore;

namespace Walle.Worker.Retention;

/// <summary>
/// Which snapshots of a schedule are forgotten. Pure. Each volume (path) on its own, and only complete snapshots count: keepLast: 1 with a partial
/// newest one keeps the last complete one. A partial snapshot is forgotten only when a newer complete one is kept: until then it may be the newest that
/// there is of some file. What the schedule did not make is never touched.
/// </summary>
internal static class RetentionRule
{
    public static RetentionPlan Plan(IReadOnlyList<RepositorySnapshot> all, RetentionScope scope, KeepPolicy policy, int minKeep, DateTimeOffset now)
    {
        if (policy.IsEmpty)
            return new RetentionPlan([], all.Count(snapshot => IsOf(snapshot, scope)), []);
        var partial = SnapshotChoice.PartialIds(all);
        List<RepositorySnapshot> forget = [];
        List<ThinVolume> thin = [];
        var kept = 0;
        foreach (var volume in all.Where(snapshot => IsOf(snapshot, scope)).GroupBy(snapshot => snapshot.Paths[0]).OrderBy(volume => volume.Key, StringComparer.Ordinal))
        {
            var snapshots = volume.ToList();
            var complete = Complete(snapshots, partial);
            var keep = KeepRule.Keep(complete, policy, now);
            var newestKept = complete.Where(snapshot => keep.ContainsKey(snapshot.Id)).Select(snapshot => (DateTimeOffset?)snapshot.Time).Max();
            var gone = complete.Where(snapshot => !keep.ContainsKey(snapshot.Id)).ToList();
            if (gone.Count > 0 && keep.Count < minKeep)
                thin.Add(new ThinVolume(volume.Key, complete.Count, keep.Count));
            gone.AddRange(snapshots.Except(complete).Where(snapshot => snapshot.Time <= newestKept && !snapshot.Tags.Any(policy.Tags.Contains)));
            forget.AddRange(gone);
            kept += snapshots.Count - gone.Count;
        }
        return new RetentionPlan([.. forget.Select(snapshot => snapshot.Id), .. Marks(all, forget, scope)], kept, thin);
    }

    /// <summary>The newest first. Of one BackupJob the last counts: nobody saw what became of the attempts before it.</summary>
    private static List<RepositorySnapshot> Complete(List<RepositorySnapshot> snapshots, IReadOnlySet<string> partial) =>
    [
        .. snapshots.GroupBy(snapshot => SnapshotTags.ValueOf(snapshot.Tags, SnapshotTags.JobUid) ?? snapshot.Id)
            .Select(attempts => attempts.OrderByDescending(snapshot => snapshot.SavedAt ?? snapshot.Time).First())
            .Where(snapshot => !SnapshotChoice.IsPartial(snapshot, partial))
            .OrderByDescending(snapshot => snapshot.Time).ThenByDescending(snapshot => snapshot.SavedAt).ThenBy(snapshot => snapshot.Id, StringComparer.Ordinal),
    ];

    /// <summary>Last of all: a partial snapshot whose mark goes first would pass for complete if the worker were killed in between.</summary>
    private static IEnumerable<string> Marks(IReadOnlyList<RepositorySnapshot> all, List<RepositorySnapshot> forget, RetentionScope scope)
    {
        var gone = forget.SelectMany(snapshot => (string?[])[snapshot.Id, snapshot.Original]).OfType<string>().ToHashSet();
        return all.Where(snapshot => snapshot.Host == scope.Host && SnapshotChoice.IsMark(snapshot) && SnapshotTags.ValueOf(snapshot.Tags, SnapshotTags.PartialOf) is { } of && gone.Contains(of))
            .Select(mark => mark.Id);
    }

    private static bool IsOf(RepositorySnapshot snapshot, RetentionScope scope) =>
        snapshot.Host == scope.Host && snapshot.Paths is [var path] && path.StartsWith($"{scope.VolumeRoot}/{scope.Namespace}/", StringComparison.Ordinal)
        && snapshot.Tags.Contains(SnapshotTags.Walle) && SnapshotTags.ValueOf(snapshot.Tags, SnapshotTags.Schedule) == scope.Schedule && !SnapshotChoice.IsMark(snapshot);
}
