using System.ComponentModel;

namespace Walle.Crds.V1;

/// <summary>One run of a schedule: how its BackupJobs ended.</summary>
public sealed record ScheduleRun
{
    [Description("The time of the schedule.")]
    public DateTimeOffset? ScheduledFor { get; init; }

    [Description("When the controller began to create its BackupJobs.")]
    public DateTimeOffset? CreatingSince { get; init; }

    [Description("When all of its BackupJobs had been created; until then, they are created also after a restart of the controller.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("When the last of its BackupJobs ended.")]
    public DateTimeOffset? FinishedAt { get; init; }

    [Description("BackupJobs of the run.")]
    public int? Total { get; init; }

    [Description("Those that succeeded.")]
    public int? Succeeded { get; init; }

    [Description("Those that failed, or succeeded in part only.")]
    public int? Failed { get; init; }

    [Description("Those that are under way or waiting.")]
    public int? Running { get; init; }
}
