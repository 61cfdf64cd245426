using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Which backup: that of a claim or a dump (the newest one, or by asOf or previous), or one restic snapshot.</summary>
[ExactlyOneOf("claimName", "dump", "snapshotId")]
[Exclusive("asOf", "previous", "keep the one that you mean")]
[Exclusive("snapshotId", "asOf", "the snapshot is already named; remove asOf")]
[Exclusive("snapshotId", "previous", "the snapshot is already named; remove previous")]
[Exclusive("snapshotId", "namespace", "the snapshot is already named; remove namespace")]
[Exclusive("snapshotId", "cluster", "the snapshot is already named; remove cluster")]
public sealed record RestoreSource
{
    [Description("PersistentVolumeClaim that was backed up; it need not exist any more."), MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string? ClaimName { get; init; }

    [Description("Name of a dump, as in a BackupJob's status."), MinLength(1), MaxLength(253), Pattern(Patterns.DumpName)]
    public string? Dump { get; init; }

    [Description("Id of a restic snapshot, whole or its first characters, as in a BackupJob's status. The only way to restore a partial backup."), MinLength(8), MaxLength(64), Pattern(Patterns.SnapshotId)]
    public string? SnapshotId { get; init; }

    [Description("The newest complete backup that is not younger than this time, such as 2026-11-20T03:00:00Z.")]
    public DateTimeOffset? AsOf { get; init; }

    [Description("The n-th complete backup before the newest one; 0 is the newest."), Range(0, 100_000)]
    public int? Previous { get; init; }

    [Description("Namespace that was backed up; default: that of the RestoreJob. Another one must be allowed by the Secret's key WALLE_RESTORE_NAMESPACES."), MinLength(1), MaxLength(63), Pattern(Patterns.DnsLabel)]
    public string? Namespace { get; init; }

    [Description("Name of the cluster that made the backup (the host of restic snapshots); default: this one. Another one must be allowed by the Secret's key WALLE_RESTORE_NAMESPACES."), MinLength(1), MaxLength(253), Pattern(Patterns.ClusterName)]
    public string? Cluster { get; init; }
}
