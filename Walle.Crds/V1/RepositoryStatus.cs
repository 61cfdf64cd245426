using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>A repository as a worker found it.</summary>
public sealed record RepositoryStatus
{
    [Description("Id of the repository, as restic cat config shows it."), MaxLength(64)]
    public string? Id { get; init; }

    [Description("When Walle initialised it; not set when it was there before.")]
    public DateTimeOffset? InitializedAt { get; init; }
}
