using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>When the repository is checked with restic check.</summary>
public sealed record CheckSpec
{
    [Description("When, as spec.schedule, in spec.timeZone."), Required, MinLength(1), MaxLength(128), Pattern(Patterns.Schedule)]
    public string Schedule { get; init => field = value ?? ""; } = "";

    // 256 is restic's own limit: it sorts packs by the first byte of their names.
    [Description("Each check reads one of n parts of the data, the next one each time, so that n checks have read everything; default: the structure only is checked."), Range(1, 256)]
    public int? ReadDataParts { get; init; }
}
