using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Restic;

namespace Walle.Worker.Restore;

/// <summary>
/// Picks the snapshot that a restore asks for. Pure. Never another claim's, and never a partial one unless it is named by its id.
/// </summary>
internal static class SnapshotChoice
{
    /// <exception cref="WorkerException">BackupNotFound, ForeignBackup.</exception>
    public static RepositorySnapshot Choose(IReadOnlyList<RepositorySnapshot> all, SnapshotRequest request)
    {
        // Before anything is looked at: whether a foreign backup exists is not told either.
        if (request.Path is { } path)
            request.Rights.Require(request.Cluster, path);
        request = request with { Path = Resolve(all, request) };
        if (request.SnapshotId is { } id)
            return ById(all, request, id);
        var complete = Complete(all, request.Cluster, request.Path!);
        var eligible = request.AsOf is { } asOf ? complete.FindAll(snapshot => snapshot.Time <= asOf) : complete;
        return request.Previous < eligible.Count ? eligible[request.Previous] : throw NotFound(Missing(all, request, complete));
    }

    /// <summary>The complete backups of a path, the newest first.</summary>
    public static List<RepositorySnapshot> Complete(IReadOnlyList<RepositorySnapshot> all, string cluster, string path)
    {
        var partial = PartialIds(all);
        return
        [
            .. all.Where(snapshot => IsOf(snapshot, cluster, path))
                // Of one BackupJob the last counts: nobody saw what became of the attempts before it.
                .GroupBy(snapshot => SnapshotTags.ValueOf(snapshot.Tags, SnapshotTags.JobUid) ?? snapshot.Id)
                .Select(attempts => attempts.OrderByDescending(snapshot => snapshot.SavedAt ?? snapshot.Time).First())
                .Where(snapshot => !IsPartial(snapshot, partial))
                .OrderByDescending(snapshot => snapshot.Time).ThenByDescending(snapshot => snapshot.SavedAt).ThenBy(snapshot => snapshot.Id, StringComparer.Ordinal),
        ];
    }

    public static bool IsPartial(RepositorySnapshot snapshot, IReadOnlySet<string> partialIds) =>
        partialIds.Contains(snapshot.Id) || (snapshot.Original is { } original && partialIds.Contains(original));

    public static HashSet<string> PartialIds(IReadOnlyList<RepositorySnapshot> all) =>
        [.. all.Where(IsMark).Select(mark => SnapshotTags.ValueOf(mark.Tags, SnapshotTags.PartialOf)).OfType<string>()];

    public static bool IsMark(RepositorySnapshot snapshot) => snapshot.Tags.Contains(SnapshotTags.PartialMark);

    /// <summary>A dump may be named without its workload, as <c>/walle/shop/*/db.dump</c>, where only one has a dump of that name.</summary>
    private static string? Resolve(IReadOnlyList<RepositorySnapshot> all, SnapshotRequest request)
    {
        if (request.Path?.Split("/*/") is not [var before, var name])
            return request.Path;
        var found = all.Where(snapshot => snapshot.Host == request.Cluster && !IsMark(snapshot)).SelectMany(snapshot => snapshot.Paths).Distinct()
            .Where(path => path.StartsWith(before + "/", StringComparison.Ordinal) && path.EndsWith("/" + name, StringComparison.Ordinal) && path.Length > before.Length + name.Length + 2)
            .Where(path => !path[(before.Length + 1)..^(name.Length + 1)].Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return found switch
        {
            [] => request.Path,
            [var only] => only,
            _ => throw NotFound($"several workloads have a dump {name}; name one: {string.Join(", ", found.Take(5).Select(path => path[(before.Length + 1)..]))}"),
        };
    }

    private static RepositorySnapshot ById(IReadOnlyList<RepositorySnapshot> all, SnapshotRequest request, string id)
    {
        // `restic tag` gives a snapshot a new id; the old one is what stands in a BackupJob's status.
        var found = all.Where(snapshot => !IsMark(snapshot) && (snapshot.Id.StartsWith(id, StringComparison.Ordinal) || snapshot.Original?.StartsWith(id, StringComparison.Ordinal) == true)).ToList();
        switch (found)
        {
            case []:
                throw NotFound($"the repository holds no snapshot {id}; list them with: restic snapshots");
            case [var only]:
                request.Rights.Require(only);
                if (request.Path is { } path && !IsOf(only, request.Cluster, path))
                    throw NotFound($"snapshot {id} is not one of {path} by cluster {request.Cluster}");
                return only;
            default:
                throw NotFound(string.Create(CultureInfo.InvariantCulture, $"{found.Count} snapshots begin with {id}; write more of the id, up to all 64 characters"));
        }
    }

    private static bool IsOf(RepositorySnapshot snapshot, string cluster, string path) =>
        snapshot.Host == cluster && snapshot.Paths is [var only] && only == path && !IsMark(snapshot);

    private static string Missing(IReadOnlyList<RepositorySnapshot> all, SnapshotRequest request, List<RepositorySnapshot> complete)
    {
        var what = $"of {request.Path} by cluster {request.Cluster}";
        if (complete.Count > 0)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{(request.AsOf is { } asOf ? $"no complete backup {what} is as old as {Zulu(asOf)}" : $"there is no backup {request.Previous} before the newest {what}")}; there are {complete.Count}, from {Zulu(complete[^1].Time)} to {Zulu(complete[0].Time)}");
        }
        var partial = all.Count(snapshot => IsOf(snapshot, request.Cluster, request.Path!));
        if (partial > 0)
            return string.Create(CultureInfo.InvariantCulture, $"there is no complete backup {what}, only {partial} partial; restore one by its source.snapshotId, see: restic snapshots --path {request.Path}");
        var others = all.Where(snapshot => snapshot.Paths.Contains(request.Path!) && request.Rights.Covers(snapshot.Host, request.Path!)).Select(snapshot => snapshot.Host).Distinct().Take(5).ToList();
        var hint = others.Count > 0 ? $"; there are some by {string.Join(", ", others)}: set source.cluster" : "; see what there is with: restic snapshots";
        return $"there is no backup {what}{hint}";
    }

    private static string Zulu(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static WorkerException NotFound(string message) => new(Reason.BackupNotFound, WorkerExitCode.Failure, message);
}
