using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>One PersistentVolumeClaim that a schedule backs up.</summary>
public sealed record SelectedClaim
{
    [Description("Name of the PersistentVolumeClaim."), Required, MaxLength(253)]
    public string Name { get; init; } = "";

    [Description("UID of the PersistentVolumeClaim: backups of an earlier claim of the same name are not its backups."), MaxLength(64)]
    public string? Uid { get; init; }

    [Description("When the schedule first selected it: a claim without a backup is late (spec.rpo) from then on.")]
    public DateTimeOffset? SelectedSince { get; init; }

    [Description("When the data of its newest complete backup was taken.")]
    public DateTimeOffset? LastBackupTime { get; init; }
}
