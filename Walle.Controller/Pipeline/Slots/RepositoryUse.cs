namespace Walle.Controller.Pipeline.Slots;

/// <summary>
/// The arbiter: backups use a repository side by side, a prune or check needs it for itself. First come, first served: who wants it later than a waiting
/// prune waits for that, but not for ever; a backup that was due before it goes first. So neither side can starve the other.
/// </summary>
internal sealed class RepositoryUse(IEnumerable<SlotRequest> held, IEnumerable<SlotRequest> waiting, Func<string, string> identify, DateTimeOffset now)
{
    /// <summary>So long at most a waiting prune keeps new backups from beginning: those under way may take much longer.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(30);

    private readonly List<SlotRequest> _held = [.. held];
    private readonly List<SlotRequest> _exclusive = [.. waiting.Where(request => request.Exclusive)];

    public void Add(SlotRequest request) => _held.Add(request);

    /// <summary>What stands in the way of the request, in words; or null.</summary>
    public string? Obstacle(SlotRequest request)
    {
        var repository = identify(request.Repository);
        var users = _held.Where(other => other.Uid != request.Uid && identify(other.Repository) == repository).ToList();
        if (users.Find(other => other.Exclusive) is { } alone)
        {
            return $"the repository is being pruned or checked by BackupSchedule {alone.Name}";
        }

        if (request.Exclusive)
        {
            return users.Count > 0 ? $"{users.Count} {(users.Count == 1 ? "backup or restore uses" : "backups and restores use")} the repository, first {users[0].Name}" : null;
        }

        return _exclusive.Find(other => identify(other.Repository) == repository && other.DueAt < request.DueAt && now - other.DueAt < LongestHold) is { } before
            ? $"a prune or check of BackupSchedule {before.Name} waits for the repository and comes first"
            : null;
    }
}
