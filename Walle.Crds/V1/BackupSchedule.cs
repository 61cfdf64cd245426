using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Backups on a schedule. Its name goes into a label of its BackupJobs, and a label holds 63 characters.</summary>
[Description("BackupSchedule backs up the PersistentVolumeClaims and workloads of its namespace on a schedule, and keeps, prunes and checks their repository.")]
[ResourceKind(ApiGroup.BackupScheduleKind, ApiGroup.BackupSchedulePlural, "bs", MaxNameLength = 63)]
[PrinterColumn("Schedule", ".spec.schedule")]
[PrinterColumn("Suspended", ".spec.suspend", Type = "boolean")]
[PrinterColumn("Last Success", ".status.lastSuccessfulTime", Type = "date")]
[PrinterColumn("Next", ".status.nextScheduleTime")] // Not a date: kubectl shows a date as an age, and one in the future as <invalid>.
[PrinterColumn("Protected", ".status.protected")]
[PrinterColumn("Ready", """.status.conditions[?(@.type=="Ready")].status""")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
public sealed record BackupSchedule : CustomResource
{
    [Description("What, when, where to."), Required]
    public BackupScheduleSpec Spec { get; init => field = value ?? new(); } = new();

    [Description("How the schedule stands.")]
    public BackupScheduleStatus? Status { get; init; }
}
