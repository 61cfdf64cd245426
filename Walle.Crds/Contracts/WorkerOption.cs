namespace Walle.Crds.Contracts;

/// <summary>The worker's command-line options. Credentials are never among them: arguments are visible to every process of the node.</summary>
public static class WorkerOption
{
    /// <summary>Name of the cluster: restic's <c>--host</c>.</summary>
    public const string Host = "--host";

    /// <summary>Mount path of the volume, and its path in the repository.</summary>
    public const string Path = "--path";

    /// <summary>When the VolumeSnapshot was cut, RFC 3339 in UTC: restic's <c>--time</c>.</summary>
    public const string Time = "--time";

    /// <summary>Full id of the snapshot to compare with: restic's <c>--parent</c>. A parent that is gone falls back to restic's own search.</summary>
    public const string Parent = "--parent";

    /// <summary>Read every file again: restic's <c>--force</c>.</summary>
    public const string FullRead = "--full-read";

    /// <summary>A file with the same size and modification time is unchanged: restic's <c>--ignore-ctime --ignore-inode</c>.</summary>
    public const string IgnoreInode = "--ignore-inode";

    /// <summary>The last backup held files: an empty volume is a failure (EmptySource), and nothing is saved.</summary>
    public const string ExpectFiles = "--expect-files";

    /// <summary>Repeatable.</summary>
    public const string Tag = "--tag";

    /// <summary>Repeatable.</summary>
    public const string Exclude = "--exclude";
    public const string ExcludeCaches = "--exclude-caches";

    /// <summary>auto, off or max.</summary>
    public const string Compression = "--compression";

    /// <summary>KiB per second.</summary>
    public const string LimitUpload = "--limit-upload";
    public const string SkipIfUnchanged = "--skip-if-unchanged";

    /// <summary>The namespace that the worker runs for: what it may restore without further leave.</summary>
    public const string Namespace = "--namespace";

    /// <summary>Name of the cluster that made the backup; default: <see cref="Host"/>.</summary>
    public const string SourceHost = "--source-host";

    /// <summary>The backup's path in the repository, <c>/walle/&lt;namespace&gt;/&lt;claim&gt;</c> or that of a dump.</summary>
    public const string SourcePath = "--source-path";

    /// <summary>Id of the snapshot, whole or its first characters. With <see cref="SourcePath"/>, it must be one of that path.</summary>
    public const string Snapshot = "--snapshot";

    /// <summary>RFC 3339 in UTC: the newest snapshot that is not younger.</summary>
    public const string AsOf = "--as-of";

    /// <summary>The n-th snapshot before the newest.</summary>
    public const string Previous = "--previous";

    /// <summary>Mount path of the volume that is restored into; default <see cref="WorkerPaths.Target"/>.</summary>
    public const string Target = "--target";

    /// <summary>The RestoreJob, as <c>namespace/name/uid</c>: what a killed worker's successor is known by.</summary>
    public const string Owner = "--owner";

    /// <summary>Repeatable.</summary>
    public const string Include = "--include";

    /// <summary>never, if-changed or always.</summary>
    public const string Overwrite = "--overwrite";
    public const string DeleteExtra = "--delete-extra";
    public const string Verify = "--verify";

    /// <summary>KiB per second.</summary>
    public const string LimitDownload = "--limit-download";

    /// <summary>Instead of <see cref="WorkerPaths.VolumeRoot"/>.</summary>
    public const string VolumeRoot = "--volume-root";

    /// <summary>Name of the BackupSchedule whose snapshots retention is about; no others are touched.</summary>
    public const string Schedule = "--schedule";
    public const string KeepLast = "--keep-last";
    public const string KeepHourly = "--keep-hourly";
    public const string KeepDaily = "--keep-daily";
    public const string KeepWeekly = "--keep-weekly";
    public const string KeepMonthly = "--keep-monthly";
    public const string KeepYearly = "--keep-yearly";

    /// <summary>As restic writes durations: 1y2m14d6h.</summary>
    public const string KeepWithin = "--keep-within";

    /// <summary>Repeatable.</summary>
    public const string KeepTag = "--keep-tag";

    /// <summary>Complete backups that every volume must still have afterwards, or nothing is forgotten (PruneBlocked).</summary>
    public const string MinKeep = "--min-keep";

    /// <summary>Somebody has looked at the numbers: <see cref="MinKeep"/> does not count this once.</summary>
    public const string Released = "--released";

    /// <summary>Repeatable: full id of a snapshot that stands in a BackupJob's status, and ought to be in the repository.</summary>
    public const string Expect = "--expect";

    /// <summary>restic's <c>--max-unused</c>.</summary>
    public const string MaxUnused = "--max-unused";

    /// <summary>restic's <c>--max-repack-size</c>.</summary>
    public const string MaxRepackSize = "--max-repack-size";

    /// <summary><c>k/n</c>: restic's <c>--read-data-subset</c>.</summary>
    public const string ReadDataSubset = "--read-data-subset";

    /// <summary>How long restic waits for a lock, as restic writes durations ("5m").</summary>
    public const string RetryLock = "--retry-lock";

    /// <summary>RESTIC_REPOSITORY may be this folder or one below: where a volume that holds the repository is mounted.</summary>
    public const string RepositoryRoot = "--repository-root";

    /// <summary>Whole seconds to wait for an answer of the repository's server; default 60.</summary>
    public const string ConnectTimeout = "--connect-timeout";

    /// <summary>Instead of <see cref="WorkerPaths.TerminationLog"/>.</summary>
    public const string TerminationLog = "--termination-log";

    /// <summary>Instead of <see cref="WorkerPaths.Cache"/>.</summary>
    public const string CacheDirectory = "--cache-dir";

    /// <summary>Instead of <see cref="WorkerPaths.Temporary"/>.</summary>
    public const string TemporaryDirectory = "--temporary-dir";

    /// <summary>Instead of <see cref="WorkerPaths.Credentials"/>.</summary>
    public const string CredentialsDirectory = "--credentials-dir";
}
