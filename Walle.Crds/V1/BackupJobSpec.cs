using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Immutable: a retry is a new BackupJob.</summary>
[CelRule("self == oldSelf", "spec is immutable; create a new BackupJob instead")]
public sealed record BackupJobSpec
{
    [Description("What to back up."), Required]
    public BackupSource Source { get; init => field = value ?? new(); } = new();

    [Description("Where to."), Required]
    public RepositorySpec Repository { get; init => field = value ?? new(); } = new();

    [Description("How.")]
    public BackupOptions? Options { get; init; }
}
