using Walle.Worker.Arguments;

namespace Walle.Worker.Restore;

/// <summary>Which backup is asked for, and by whom.</summary>
/// <param name="Cluster">The cluster that made it.</param>
/// <param name="Path">Its path in the repository; null when only the id is given.</param>
/// <param name="SnapshotId">Its id or the beginning of it; null for the newest complete one.</param>
/// <param name="AsOf">Not younger than that.</param>
/// <param name="Previous">How many to go back from the newest.</param>
/// <param name="Rights">What may be restored at all.</param>
internal sealed record SnapshotRequest(string Cluster, string? Path, string? SnapshotId, DateTimeOffset? AsOf, int Previous, RestoreRights Rights)
{
    /// <param name="allowed">The Secret's key for further namespaces, or null.</param>
    public static SnapshotRequest From(WorkerArguments arguments, string? allowed)
    {
        var restore = arguments.Restore;
        return new SnapshotRequest(
            restore.SourceHost ?? arguments.Host!, restore.SourcePath, restore.Snapshot, restore.AsOf, restore.Previous ?? 0,
            new RestoreRights(arguments.Host!, restore.Namespace!, restore.VolumeRoot, allowed));
    }
}
