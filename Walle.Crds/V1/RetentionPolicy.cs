using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>
/// Which of the backups that this schedule made are kept. Each rule keeps what it names, for each volume; what no rule keeps is forgotten. Hours, days and
/// so on are those of UTC. Partial backups do not count; a backup by hand (a BackupJob of no schedule) stays until somebody forgets it.
/// </summary>
[CelRule(
    "(has(self.keepLast) && self.keepLast > 0) || (has(self.keepHourly) && self.keepHourly > 0) || (has(self.keepDaily) && self.keepDaily > 0) || (has(self.keepWeekly) && self.keepWeekly > 0)"
    + " || (has(self.keepMonthly) && self.keepMonthly > 0) || (has(self.keepYearly) && self.keepYearly > 0) || has(self.keepWithin)"
    + " || (has(self.keepTags) && size(self.keepTags) > 0)",
    "it keeps nothing; set at least one of keepLast, keepHourly, keepDaily, keepWeekly, keepMonthly, keepYearly, keepWithin and keepTags, or leave retention out to keep everything",
    nameof(KeepsSomething),
    Schema = """
        {"anyOf": [
          {"required": ["keepLast"], "properties": {"keepLast": {"minimum": 1}}}, {"required": ["keepHourly"], "properties": {"keepHourly": {"minimum": 1}}}, {"required": ["keepDaily"], "properties": {"keepDaily": {"minimum": 1}}},
          {"required": ["keepWeekly"], "properties": {"keepWeekly": {"minimum": 1}}}, {"required": ["keepMonthly"], "properties": {"keepMonthly": {"minimum": 1}}},
          {"required": ["keepYearly"], "properties": {"keepYearly": {"minimum": 1}}}, {"required": ["keepWithin"]},
          {"required": ["keepTags"], "properties": {"keepTags": {"minItems": 1}}}
        ]}
        """)]
public sealed record RetentionPolicy
{
    [Description("Keep the newest n backups."), Range(0, 10_000)]
    public int? KeepLast { get; init; }

    [Description("Keep the newest backup of each of the last n hours that have one."), Range(0, 10_000)]
    public int? KeepHourly { get; init; }

    [Description("Keep the newest backup of each of the last n days that have one."), Range(0, 10_000)]
    public int? KeepDaily { get; init; }

    [Description("Keep the newest backup of each of the last n weeks that have one."), Range(0, 10_000)]
    public int? KeepWeekly { get; init; }

    [Description("Keep the newest backup of each of the last n months that have one."), Range(0, 10_000)]
    public int? KeepMonthly { get; init; }

    [Description("Keep the newest backup of each of the last n years that have one."), Range(0, 10_000)]
    public int? KeepYearly { get; init; }

    [Description("Keep every backup that is at most this much older than the newest one, as restic writes durations (1y2m14d6h)."), MinLength(2), MaxLength(32), Pattern(Patterns.ResticDuration)]
    public string? KeepWithin { get; init; }

    [Description("Keep every backup with one of these tags."), MaxLength(16), ItemLimits(MinLength = 1, MaxLength = 120, Pattern = Patterns.ResticTag)]
    public List<string>? KeepTags { get; init; }

    [Description("Forget nothing (PruneBlocked) when a volume would keep fewer complete backups than this."), DefaultValue(1), Range(1, 1_000)]
    public int? MinKeep { get; init; }

    internal bool KeepsSomething =>
        KeepLast > 0 || KeepHourly > 0 || KeepDaily > 0 || KeepWeekly > 0 || KeepMonthly > 0 || KeepYearly > 0 || KeepWithin is not null || KeepTags is { Count: > 0 };
}
