using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>The last prune of a repository.</summary>
public sealed record PruneStatus : MaintenanceStatus
{
    [Description("Backups that were forgotten.")]
    public int? Forgotten { get; init; }

    [Description("Backups of this schedule that were kept.")]
    public int? Kept { get; init; }

    [Description("Bytes removed from the repository, to about a thousandth.")]
    public long? BytesRemoved { get; init; }

    [Description("The annotation ros.io/release-prune that was used last: each releases one prune."), MaxLength(64)]
    public string? Released { get; init; }

    [Description("Whether this prune is released, and spec.retention.minKeep does not hold it back.")]
    public bool? IsReleased { get; init; }
}
