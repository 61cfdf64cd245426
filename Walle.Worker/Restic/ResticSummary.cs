namespace Walle.Worker.Restic;

/// <summary>The last line of <c>restic backup --json</c>. Without a snapshot id nothing was saved.</summary>
internal sealed record ResticSummary(
    string? SnapshotId, long FilesNew, long FilesChanged, long FilesUnmodified, long FilesProcessed, long BytesProcessed, long BytesAdded);
