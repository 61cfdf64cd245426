using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>The last prune of a repository.</summary>
public sealed record PruneStatus
{
    [Description("When it ended.")]
    public DateTimeOffset? FinishedAt { get; init; }

    [Description("How it ended: Succeeded, or the reason why not."), MaxLength(64)]
    public string? Result { get; init; }

    [Description("What went wrong, and what to do about it."), MaxLength(1024)]
    public string? Message { get; init; }

    [Description("Backups that were forgotten.")]
    public int? Forgotten { get; init; }

    [Description("Backups that were kept.")]
    public int? Kept { get; init; }

    [Description("Bytes removed from the repository.")]
    public long? BytesRemoved { get; init; }
}
