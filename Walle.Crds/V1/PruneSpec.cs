using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>When the repository is tidied: forget by retention, then restic prune.</summary>
public sealed record PruneSpec
{
    [Description("When, as spec.schedule, in spec.timeZone."), Required, MinLength(1), MaxLength(128), Pattern(Patterns.Schedule)]
    public string Schedule { get; init => field = value ?? ""; } = "";

    [Description("Unused data that may stay in the repository: a share (10%), a size (50G) or unlimited. Less costs more traffic. Default: that of restic, 5%."), MinLength(1), MaxLength(16), Pattern(Patterns.MaxUnused)]
    public string? MaxUnused { get; init; }

    [Description("Rewrite at most this much data in one run (50G); default: no limit."), MinLength(1), MaxLength(16), Pattern(Patterns.ResticSize)]
    public string? MaxRepackSize { get; init; }
}
