namespace Walle.Worker.Restic;

/// <summary>The last line of <c>restic restore --json</c>. restic counts files that failed as restored: only its exit code says that all is well.</summary>
internal sealed record RestoreSummary(long FilesRestored, long FilesSkipped, long FilesDeleted, long BytesRestored);
