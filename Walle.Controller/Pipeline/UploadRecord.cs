using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Copies what a worker reported into the status.</summary>
internal static class UploadRecord
{
    private const int IdLength = 64;

    /// <summary>A full restic id. Anything else is not taken for a snapshot, and would not fit the status either.</summary>
    public static bool IsSnapshotId(string id) => id.Length == IdLength && id.All(char.IsAsciiHexDigit);

    /// <summary>An empty volume is saved by its path; the worker says so, and may say nothing else.</summary>
    private static string InSnapshot(BackupObservation observation, WorkerResult result) =>
        result.SubPath is not null && result.SubPath == WorkerPaths.Volume(observation.Namespace, observation.ClaimName) ? $":{result.SubPath}" : "";

    public static BackupJobStatus Write(BackupObservation observation, BackupJobStatus status, WorkerResult result)
    {
        if (observation.IsDump)
        {
            return OfDump(observation, status, result);
        }

        var volume = status.Volumes![0] with
        {
            ResticSnapshotId = result.SnapshotId,
            ShortId = result.SnapshotId is { Length: >= 8 } id ? id[..8] : null,
            ParentId = result.ParentId is { } parent && IsSnapshotId(parent) ? parent : null,
            Skipped = result.Skipped,
            FilesNew = result.FilesNew,
            FilesChanged = result.FilesChanged,
            FilesUnmodified = result.FilesUnmodified,
            BytesProcessed = result.BytesProcessed,
            BytesAdded = result.BytesAdded,
            DurationSeconds = result.DurationSeconds,
            UnreadableCount = result.UnreadableCount,
            RestoreCommand = result.SnapshotId is null ? null : $"restic restore {result.SnapshotId}{InSnapshot(observation, result)} --target ./{observation.ClaimName}",
        };
        return status with
        {
            Volumes = [volume],
            RepositoryId = result.RepositoryId is { } repository && IsSnapshotId(repository) ? repository : status.RepositoryId,
            Added = result.BytesAdded is { } added ? Display.Bytes(added) : null,
        };
    }

    private static BackupJobStatus OfDump(BackupObservation observation, BackupJobStatus status, WorkerResult result)
    {
        var dump = status.Dumps![0];
        return status with
        {
            Dumps =
            [
                dump with
                {
                    ResticSnapshotId = result.SnapshotId,
                    ShortId = result.SnapshotId is { Length: >= 8 } id ? id[..8] : null,
                    SnapshotTime = observation.Jobs.FirstOrDefault(job => job.Name.Name == ResourceNames.BackupJob(observation.Uid, status.Attempts ?? 1, observation.Volume))?.CreationTimestamp,
                    Sha256 = result.Sha256,
                    ExitCode = result.CommandExitCode,
                    BytesProcessed = result.BytesProcessed,
                    BytesAdded = result.BytesAdded,
                    DurationSeconds = result.DurationSeconds,
                    RestoreCommand = result.SnapshotId is null ? null : $"restic dump {result.SnapshotId} {dump.Path}",
                },
            ],
        };
    }
}
