using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Copies what a worker reported into the status.</summary>
internal static class UploadRecord
{
    public static BackupJobStatus Write(BackupObservation observation, BackupJobStatus status, WorkerResult result)
    {
        var volume = status.Volumes![0] with
        {
            ResticSnapshotId = result.SnapshotId,
            ShortId = result.SnapshotId is { Length: >= 8 } id ? id[..8] : null,
            ParentId = result.ParentId,
            Skipped = result.Skipped,
            FilesNew = result.FilesNew,
            FilesChanged = result.FilesChanged,
            FilesUnmodified = result.FilesUnmodified,
            BytesProcessed = result.BytesProcessed,
            BytesAdded = result.BytesAdded,
            DurationSeconds = result.DurationSeconds,
            UnreadableCount = result.UnreadableCount,
            RestoreCommand = result.SnapshotId is null ? null : $"restic restore {result.SnapshotId} --target ./{observation.ClaimName}",
        };
        return status with { Volumes = [volume], Added = result.BytesAdded is { } added ? Display.Bytes(added) : null };
    }
}
