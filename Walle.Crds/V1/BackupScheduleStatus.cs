using System.ComponentModel;
using Walle.Crds.Conditions;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

public sealed record BackupScheduleStatus
{
    [Description("Generation of the spec that this status belongs to.")]
    public long? ObservedGeneration { get; init; }

    [Description("The last time of the schedule that was run or recorded as missed, or when spec was last changed if that is later: what lies before is not made up for.")]
    public DateTimeOffset? LastScheduleTime { get; init; }

    [Description("The annotation ros.io/run-now that was answered last."), MaxLength(64)]
    public string? LastRunNow { get; init; }

    [Description("How many times of the schedule were not run: too late (spec.startingDeadlineSeconds), or while the run before was under way (Forbid).")]
    public long? MissedRuns { get; init; }

    [Description("The next time of the schedule.")]
    public DateTimeOffset? NextScheduleTime { get; init; }

    [Description("When the last run in which everything succeeded ended.")]
    public DateTimeOffset? LastSuccessfulTime { get; init; }

    [Description("Claims with a complete backup, of all claims selected, for people (12/14)."), MaxLength(32)]
    public string? Protected { get; init; }

    [Description("BackupJobs that are under way."), MaxLength(256), ListMapKey("name")]
    public List<ActiveBackup>? Active { get; init; }

    [Description("The last run.")]
    public ScheduleRun? LastRun { get; init; }

    [Description("What the selectors match, or why it is left out; the first 256."), MaxLength(256)]
    public List<SelectedSource>? Selected { get; init; }

    [Description("The repository, once a worker has reached it.")]
    public RepositoryStatus? Repository { get; init; }

    [Description("The last prune.")]
    public PruneStatus? LastPrune { get; init; }

    [Description("The last check.")]
    public CheckStatus? LastCheck { get; init; }

    [Description("What is true about the schedule."), MaxLength(16), ListMapKey("type")]
    public List<Condition>? Conditions { get; init; }
}
