namespace Walle.Worker.Restic;

/// <summary>One line of <c>restic snapshots</c>.</summary>
/// <param name="Id">Full id.</param>
/// <param name="Original">Full id before `restic tag` or `restic rewrite` changed it, or null.</param>
/// <param name="Time">What it was told by --time.</param>
/// <param name="Host">Name of the cluster.</param>
/// <param name="Paths">One, when it is Walle's.</param>
/// <param name="SavedAt">When it was really made; null before restic 0.17.</param>
/// <param name="Bytes">Size of its files; null before restic 0.17.</param>
/// <param name="Files">How many.</param>
/// <param name="Folders">How many.</param>
internal sealed record RepositorySnapshot(
    string Id, string? Original, DateTimeOffset Time, string Host, IReadOnlyList<string> Paths, IReadOnlyList<string> Tags, DateTimeOffset? SavedAt, long? Bytes, long Files, long Folders);
