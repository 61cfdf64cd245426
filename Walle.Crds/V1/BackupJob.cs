using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>One workload or one PersistentVolumeClaim, backed up once.</summary>
[Description("BackupJob backs up one PersistentVolumeClaim or one workload, once: a snapshot, a temporary volume made from it, and a worker that saves it to a restic repository.")]
[ResourceKind(ApiGroup.BackupJobKind, ApiGroup.BackupJobPlural, "bj")]
[PrinterColumn("Source", ".spec.source.name")]
[PrinterColumn("Phase", ".status.phase")]
[PrinterColumn("Snapshot", ".status.volumes[0].shortId")]
[PrinterColumn("Added", ".status.added")]
[PrinterColumn("Duration", ".status.duration")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
[PrinterColumn("Reason", ".status.reason", Priority = 1)]
public sealed record BackupJob : CustomResource
{
    [Description("What to back up, where to and how. It cannot be changed: a retry is a new BackupJob."), Required]
    public BackupJobSpec Spec { get; init => field = value ?? new(); } = new();

    [Description("How the run stands.")]
    public BackupJobStatus? Status { get; init; }
}
