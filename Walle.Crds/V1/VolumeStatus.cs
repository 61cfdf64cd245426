using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>One volume of a BackupJob.</summary>
public sealed record VolumeStatus
{
    [Description("Name of the PersistentVolumeClaim."), Required, MaxLength(253)]
    public string ClaimName { get; init; } = "";

    [Description("UID of the PersistentVolumeClaim: a new claim with an old name is another volume."), MaxLength(64)]
    public string? ClaimUid { get; init; }

    [Description("Driver of the volume."), MaxLength(253)]
    public string? Driver { get; init; }

    [Description("StorageClass of the PersistentVolumeClaim; the temporary volume takes it over, even if the claim is deleted meanwhile."), MaxLength(253)]
    public string? StorageClassName { get; init; }

    [Description("Node of a Pod that used the volume when the run began; asked for only while the controller limits backups per node."), MaxLength(253)]
    public string? NodeName { get; init; }

    [Description("Size that the PersistentVolumeClaim asks for."), MaxLength(32)]
    public string? Size { get; init; }

    [Description("Access modes of the PersistentVolumeClaim."), MaxLength(4), ItemLimits(MaxLength = 32)]
    public List<string>? AccessModes { get; init; }

    [Description("VolumeSnapshotClass used."), MaxLength(253)]
    public string? VolumeSnapshotClassName { get; init; }

    [Description("Name of the VolumeSnapshot."), MaxLength(253)]
    public string? VolumeSnapshotName { get; init; }

    [Description("UID of the VolumeSnapshot: another one with the same name is not ours."), MaxLength(64)]
    public string? VolumeSnapshotUid { get; init; }

    [Description("When the snapshot was cut: the time of the backup.")]
    public DateTimeOffset? SnapshotTime { get; init; }

    [Description("Full id of the restic snapshot."), MaxLength(64)]
    public string? ResticSnapshotId { get; init; }

    [Description("Its first eight characters, for people."), MaxLength(8)]
    public string? ShortId { get; init; }

    [Description("Full id of the restic snapshot that it was compared with."), MaxLength(64)]
    public string? ParentId { get; init; }

    [Description("True when nothing had changed and no new snapshot was saved (skipIfUnchanged).")]
    public bool? Skipped { get; init; }

    [Description("Files that the parent did not have.")]
    public long? FilesNew { get; init; }

    [Description("Files that were read again.")]
    public long? FilesChanged { get; init; }

    [Description("Files that were not read again.")]
    public long? FilesUnmodified { get; init; }

    [Description("Size of the files.")]
    public long? BytesProcessed { get; init; }

    [Description("Bytes added to the repository, as stored.")]
    public long? BytesAdded { get; init; }

    [Description("Of restic.")]
    public double? DurationSeconds { get; init; }

    [Description("How changed files were known: Strict or ModificationTime."), MaxLength(32)]
    public string? ChangeDetection { get; init; }

    [Description("Runs since every file was last read (options.fullReadEvery).")]
    public int? RunsSinceFullRead { get; init; }

    [Description("How many files could not be read.")]
    public long? UnreadableCount { get; init; }

    [Description("The command that restores this volume with stock restic."), MaxLength(2048)]
    public string? RestoreCommand { get; init; }
}
