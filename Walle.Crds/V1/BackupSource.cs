using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>What a BackupJob backs up.</summary>
[CelRule(
    "!has(self.claimNames) || size(self.claimNames) == 0 || (has(self.kind) && self.kind != 'PersistentVolumeClaim')",
    "claimNames has a meaning for a workload only; leave it out, or set kind",
    nameof(ClaimNamesFitKind),
    Schema = """
        {"anyOf": [
          {"properties": {"claimNames": {"maxItems": 0}}},
          {"required": ["kind"], "properties": {"kind": {"enum": ["Pod", "Deployment", "StatefulSet", "DaemonSet"]}}}
        ]}
        """)]
public sealed record BackupSource
{
    [Description("Kind of the source."), DefaultValue(SourceKind.PersistentVolumeClaim), AllowedValues(SourceKind.PersistentVolumeClaim, SourceKind.Pod, SourceKind.Deployment, SourceKind.StatefulSet, SourceKind.DaemonSet)]
    public string? Kind { get; init; }

    [Description("Name of the source in the same namespace."), Required, MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string Name { get; init => field = value ?? ""; } = "";

    [Description("Of a workload, back up these claims only; default: all of its claims. Made by a BackupSchedule for claims that another selector has."), MaxLength(64), ItemLimits(MinLength = 1, MaxLength = 253, Pattern = Patterns.DnsSubdomain)]
    public List<string>? ClaimNames { get; init; }

    internal bool ClaimNamesFitKind => ClaimNames is not { Count: > 0 } || Kind is not (null or SourceKind.PersistentVolumeClaim);
}
