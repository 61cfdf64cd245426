namespace Walle.Crds.Contracts;

/// <summary>
/// What the worker leaves in its termination message, as JSON of at most 4096 bytes (kubelet cuts off the rest). Logs are for people only: the
/// controller never reads them.
/// </summary>
public sealed record WorkerResult
{
    /// <summary>0 is success; see <see cref="WorkerExitCode"/>. The process ends with the same code.</summary>
    public int ExitCode { get; init; }

    /// <summary>A <see cref="Conditions.Reason"/> when the run did not succeed wholly.</summary>
    public string? Reason { get; init; }

    /// <summary>Cause in one or two sentences; holds no secret and no control character.</summary>
    public string? Message { get; init; }

    /// <summary>Full id of the saved snapshot, or null when none was saved. With <c>skipIfUnchanged</c> and nothing changed: the parent's id.</summary>
    public string? SnapshotId { get; init; }

    /// <summary>Full id of the snapshot that restic compared with.</summary>
    public string? ParentId { get; init; }

    /// <summary>Nothing had changed and no new snapshot was saved.</summary>
    public bool? Skipped { get; init; }
    public long? FilesNew { get; init; }
    public long? FilesChanged { get; init; }
    public long? FilesUnmodified { get; init; }
    public long? BytesProcessed { get; init; }

    /// <summary>Bytes added to the repository as stored (restic's data_added_packed).</summary>
    public long? BytesAdded { get; init; }

    /// <summary>Of the restic process.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>The first few files that could not be read, as paths below the volume.</summary>
    public List<string>? Unreadable { get; init; }

    /// <summary>How many could not be read in all.</summary>
    public long? UnreadableCount { get; init; }
    public string? ResticVersion { get; init; }

    /// <summary>Where in the snapshot the volume's root is, when it is not the snapshot's own: <c>restic restore id:path</c>.</summary>
    public string? SubPath { get; init; }

    /// <summary>Of verbs plan and restore: the time of the chosen snapshot.</summary>
    public DateTimeOffset? SnapshotTime { get; init; }

    /// <summary>Of verb plan: bytes that the target must hold, as far as the backup recorded them.</summary>
    public long? BytesNeeded { get; init; }

    /// <summary>Of verb plan: the claim as it was when it was backed up.</summary>
    public RecordedClaim? Claim { get; init; }
    public long? FilesRestored { get; init; }
    public long? FilesSkipped { get; init; }
    public long? FilesDeleted { get; init; }
    public long? BytesRestored { get; init; }

    /// <summary>Every file of the backup was compared with what is in the volume now.</summary>
    public bool? Verified { get; init; }

    /// <summary>False when the worker was not root: everything belongs to the worker's user then.</summary>
    public bool? OwnershipRestored { get; init; }

    /// <summary>Of verb prune: snapshots that were forgotten.</summary>
    public int? Forgotten { get; init; }

    /// <summary>Of verb prune: backups of the schedule that are left.</summary>
    public int? Kept { get; init; }

    /// <summary>Of verb prune: bytes that were removed, as exactly as restic tells (three decimals).</summary>
    public long? BytesRemoved { get; init; }

    /// <summary>Of verb prune: ids that stand in a status and are not in the repository; the first few.</summary>
    public List<string>? Missing { get; init; }

    /// <summary>Whose locks are in the way, when the reason is RepositoryLocked; the first few.</summary>
    public List<RepositoryLock>? Locks { get; init; }

    /// <summary>The id in the repository's config: what tells that two Secrets name one repository. Null when it is not known.</summary>
    public string? RepositoryId { get; init; }

    /// <summary>Of verb dump: SHA-256 of what the command printed; of feed: of what it was given.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Of verbs dump and feed: the command's exit code, when its status came.</summary>
    public int? CommandExitCode { get; init; }

    /// <summary>Of verb feed: false when it is certain that the command was not started.</summary>
    public bool? CommandStarted { get; init; }
}
