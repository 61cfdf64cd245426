using System.ComponentModel;
using System.Text.Json.Serialization;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>How to back up.</summary>
public sealed record BackupOptions
{
    [Description("Patterns of files to leave out, as restic's --exclude reads them."), MaxLength(64), ItemLimits(MinLength = 1, MaxLength = 1024, Pattern = Patterns.Printable)]
    public List<string>? Excludes { get; init; }

    [Description("Leave out the content of folders that hold a CACHEDIR.TAG file."), DefaultValue(false)]
    public bool? ExcludeCaches { get; init; }

    [Description("Tags of the restic snapshot, beside Walle's own."), MaxLength(16), ItemLimits(MinLength = 1, MaxLength = 120, Pattern = Patterns.ResticTag)]
    public List<string>? Tags { get; init; }

    [Description("restic's --compression."), DefaultValue(V1.Compression.Auto), AllowedValues(V1.Compression.Auto, V1.Compression.Off, V1.Compression.Max)]
    public string? Compression { get; init; }

    [Description("Upload at most this many KiB a second; 0 is no limit."), DefaultValue(0), Range(0, 1_000_000_000)]
    public int? LimitUploadKiBps { get; init; }

    [Description("Save no new snapshot when nothing has changed."), DefaultValue(false)]
    public bool? SkipIfUnchanged { get; init; }

    [Description("How a changed file is known. Strict: size, times and inode. ModificationTime: size and modification time, for drivers whose clones have new inodes. Auto: Strict, until a run shows that the driver's clones have new inodes."), DefaultValue(V1.ChangeDetection.Auto), AllowedValues(V1.ChangeDetection.Auto, V1.ChangeDetection.Strict, V1.ChangeDetection.ModificationTime)]
    public string? ChangeDetection { get; init; }

    [Description("Read every file again each n-th run; 0 is never, 1 always."), DefaultValue(0), Range(0, 10_000)]
    public int? FullReadEvery { get; init; }

    [Description("VolumeSnapshotClass to use; default: the driver's default class, else its only one."), MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string? VolumeSnapshotClassName { get; init; }

    [Description("How long to wait for the VolumeSnapshot to be ready."), DefaultValue(600), Range(10, 86_400)]
    public int? SnapshotTimeoutSeconds { get; init; }

    [Description("How long to wait for the temporary PersistentVolumeClaim to be bound."), DefaultValue(600), Range(10, 86_400)]
    public int? BindTimeoutSeconds { get; init; }

    [Description("How long to wait for the worker to start."), DefaultValue(300), Range(10, 86_400)]
    public int? StartTimeoutSeconds { get; init; }

    [Description("How long the upload may take, with all retries."), DefaultValue(21_600), Range(30, 604_800)]
    public int? ActiveDeadlineSeconds { get; init; }

    [Description("How often a failed upload is tried again; evictions do not count."), DefaultValue(2), Range(0, 10)]
    public int? RetryLimit { get; init; }

    [Description("Delete the BackupJob this long after it ended; default: keep it. The backup itself stays."), Range(0, 31_536_000)]
    public int? TtlSecondsAfterFinished { get; init; }

    [Description("The temporary PersistentVolumeClaim that is made from the snapshot.")]
    [JsonPropertyName("clone")]
    public CloneOptions? CloneVolume { get; init; }

    [Description("Save an empty volume even if the last backup was not empty."), DefaultValue(false)]
    public bool? AllowEmpty { get; init; }

    [Description("The worker's Pod.")]
    public WorkerOptions? Worker { get; init; }
}
