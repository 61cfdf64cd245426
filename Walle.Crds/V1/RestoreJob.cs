using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>One restore from a repository into a PersistentVolumeClaim, or of a dump into a command.</summary>
[Description("RestoreJob restores one backup from a restic repository into a PersistentVolumeClaim, or a dump into a command of a workload, once.")]
[ResourceKind(ApiGroup.RestoreJobKind, ApiGroup.RestoreJobPlural, "rj")]
[PrinterColumn("Source", ".spec.source['claimName','dump','snapshotId']")] // Exactly one of them is set.
[PrinterColumn("Target", ".spec.target['claimName','exec']")]
[PrinterColumn("Phase", ".status.phase")]
[PrinterColumn("Duration", ".status.duration")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
[PrinterColumn("Reason", ".status.reason", Priority = 1)]
public sealed record RestoreJob : CustomResource
{
    [Description("Which backup, and where to. It cannot be changed: a retry is a new RestoreJob."), Required]
    public RestoreJobSpec Spec { get; init => field = value ?? new(); } = new();

    [Description("How the restore stands.")]
    public RestoreJobStatus? Status { get; init; }
}
