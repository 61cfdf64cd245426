using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>What a BackupJob backs up.</summary>
public sealed record BackupSource
{
    [Description("Kind of the source."), DefaultValue(SourceKind.PersistentVolumeClaim), AllowedValues(SourceKind.PersistentVolumeClaim, SourceKind.Pod, SourceKind.Deployment, SourceKind.StatefulSet, SourceKind.DaemonSet)]
    public string? Kind { get; init; }

    [Description("Name of the source in the same namespace."), Required, MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string Name { get; init => field = value ?? ""; } = "";

    [Description("Of a workload, back up these claims only; default: all of its claims. Made by a BackupSchedule for claims that another selector has."), MaxLength(64), ItemLimits(MinLength = 1, MaxLength = 253, Pattern = Patterns.DnsSubdomain)]
    public List<string>? ClaimNames { get; init; }
}
