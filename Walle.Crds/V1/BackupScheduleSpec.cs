using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>What, when, where to.</summary>
public sealed record BackupScheduleSpec
{
    [Description("When: five fields as in crontab, with names, or @hourly, @daily, @midnight, @weekly, @monthly, @yearly (@annually). H stands for a number made from the object's name, so that not everything starts at once."), Required, MinLength(1), MaxLength(128), Pattern(Patterns.Schedule)]
    public string Schedule { get; init => field = value ?? ""; } = "";

    [Description("IANA time zone of all schedules of this object, such as Europe/Berlin."), DefaultValue("UTC"), MinLength(1), MaxLength(64), Pattern(Patterns.TimeZone)]
    public string? TimeZone { get; init; }

    [Description("Start no further run; a run under way goes on."), DefaultValue(false)]
    public bool? Suspend { get; init; }

    [Description("A run that could not be started for longer than this is recorded as Missed and left out. Otherwise, and when this is not set, one run makes up for all that were missed."), Range(10, 31_536_000)]
    public int? StartingDeadlineSeconds { get; init; }

    [Description("What to do when the last run is still under way: Forbid lets the new one wait until it has ended (of several the last), Allow runs both, Replace cancels the old one."), DefaultValue(V1.ConcurrencyPolicy.Forbid), AllowedValues(V1.ConcurrencyPolicy.Forbid, V1.ConcurrencyPolicy.Allow, V1.ConcurrencyPolicy.Replace)]
    public string? ConcurrencyPolicy { get; init; }

    [Description("What to back up. A claim that several match is backed up once, by the first."), Required, MinLength(1), MaxLength(32)]
    public List<BackupSelector> Selectors { get; init => field = value ?? []; } = [];

    [Description("Where to."), Required]
    public ScheduleRepository Repository { get; init => field = value ?? new(); } = new();

    [Description("How.")]
    public BackupOptions? Options { get; init; }

    [Description("Which backups are kept; default: all.")]
    public RetentionPolicy? Retention { get; init; }

    [Description("When backups that are not kept are forgotten and their data is removed; default: never.")]
    public PruneSpec? Prune { get; init; }

    [Description("When the repository is checked; default: never.")]
    public CheckSpec? Check { get; init; }

    [Description("How many succeeded BackupJobs are left; the backups themselves stay."), DefaultValue(3), Range(0, 100)]
    public int? SuccessfulJobsHistoryLimit { get; init; }

    [Description("How many failed BackupJobs are left."), DefaultValue(3), Range(0, 100)]
    public int? FailedJobsHistoryLimit { get; init; }

    [Description("Recovery point objective, such as 26h: condition WithinRPO is False while a claim's newest complete backup is older."), MinLength(2), MaxLength(32), Pattern(Patterns.Duration)]
    public string? Rpo { get; init; }
}
