using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Immutable: a retry is a new RestoreJob.</summary>
[CelRule("self == oldSelf", "spec is immutable; create a new RestoreJob instead")]
[CelRule(
    "!has(self.deleteExtra) || !self.deleteExtra || (has(self.overwrite) && self.overwrite != 'Never')",
    "deleteExtra needs overwrite: IfChanged or Always, since with Never the target must be empty",
    nameof(DeletesOnlyWhereItOverwrites),
    Schema = """{"anyOf": [{"properties": {"deleteExtra": {"enum": [false]}}}, {"required": ["overwrite"], "properties": {"overwrite": {"enum": ["IfChanged", "Always"]}}}]}""")]
[CelRule(
    "!has(self.target.create) || !has(self.overwrite) || self.overwrite == 'Never'",
    "target.create makes a new claim, so there is nothing to overwrite; remove overwrite, or remove target.create to restore into the claim that exists",
    nameof(CreatesOnlyWhatIsNotThere),
    Schema = """{"anyOf": [{"properties": {"overwrite": {"enum": ["Never"]}}}, {"properties": {"target": {"not": {"required": ["create"]}}}}]}""")]
[CelRule(
    "!has(self.target.exec) || !has(self.source.claimName)",
    "target.exec takes a dump; set source.dump (or source.snapshotId) instead of source.claimName, or target.claimName instead of target.exec",
    nameof(CommandTakesADump),
    Schema = """{"anyOf": [{"properties": {"target": {"not": {"required": ["exec"]}}}}, {"properties": {"source": {"not": {"required": ["claimName"]}}}}]}""")]
[CelRule(
    "!has(self.target.exec) || ((!has(self.include) || size(self.include) == 0) && (!has(self.exclude) || size(self.exclude) == 0) && (!has(self.overwrite) || self.overwrite == 'Never'))",
    "target.exec takes the whole dump, and what it replaces is the command's own affair; remove include, exclude and overwrite",
    nameof(CommandTakesTheWholeDump),
    Schema = """{"anyOf": [{"properties": {"target": {"not": {"required": ["exec"]}}}}, {"properties": {"include": {"maxItems": 0}, "exclude": {"maxItems": 0}, "overwrite": {"enum": ["Never"]}}}]}""")]
[Exclusive("include", "exclude", "restic takes one of them only")]
public sealed record RestoreJobSpec
{
    [Description("Where from. A restore never initialises a repository."), Required]
    public RestoreRepository Repository { get; init => field = value ?? new(); } = new();

    [Description("Which backup."), Required]
    public RestoreSource Source { get; init => field = value ?? new(); } = new();

    [Description("Where to."), Required]
    public RestoreTarget Target { get; init => field = value ?? new(); } = new();

    [Description("Restore only what matches one of these patterns, as restic's --include reads them."), MaxLength(64), ItemLimits(MinLength = 1, MaxLength = 1024, Pattern = Patterns.Printable)]
    public List<string>? Include { get; init; }

    [Description("Leave out what matches one of these patterns, as restic's --exclude reads them."), MaxLength(64), ItemLimits(MinLength = 1, MaxLength = 1024, Pattern = Patterns.Printable)]
    public List<string>? Exclude { get; init; }

    [Description("Delete files of the target that the backup does not hold. Needs overwrite."), DefaultValue(false)]
    public bool? DeleteExtra { get; init; }

    [Description("Files that are in the target already. Never: the target must be empty. IfChanged: those with another size or time are replaced. Always: all are replaced."), DefaultValue(OverwriteMode.Never), AllowedValues(OverwriteMode.Never, OverwriteMode.IfChanged, OverwriteMode.Always)]
    public string? Overwrite { get; init; }

    [Description("Read every file again after the restore and compare it with the backup. With target.exec: read the whole dump once before the command is started, so that no damaged repository ends a command half-way."), DefaultValue(true)]
    public bool? Verify { get; init; }

    [Description("How to run it.")]
    public RestoreOptions? Options { get; init; }

    internal bool DeletesOnlyWhereItOverwrites => DeleteExtra != true || (Overwrite ?? OverwriteMode.Never) != OverwriteMode.Never;

    internal bool CommandTakesADump => Target.Exec is null || Source.ClaimName is null;

    internal bool CommandTakesTheWholeDump => Target.Exec is null || (this is { Include: null or [], Exclude: null or [] } && (Overwrite ?? OverwriteMode.Never) == OverwriteMode.Never);

    internal bool CreatesOnlyWhatIsNotThere => Target.Create is null || (Overwrite ?? OverwriteMode.Never) == OverwriteMode.Never;
}
