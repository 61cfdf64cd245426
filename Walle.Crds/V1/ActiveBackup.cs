using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>A BackupJob of a schedule that is under way.</summary>
public sealed record ActiveBackup
{
    [Description("Name of the BackupJob."), Required, MaxLength(253)]
    public string Name { get; init; } = "";

    [Description("UID of the BackupJob."), MaxLength(64)]
    public string? Uid { get; init; }

    [Description("The time of the schedule that it was made for.")]
    public DateTimeOffset? ScheduledFor { get; init; }
}
