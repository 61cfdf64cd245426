using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Where a restore comes from. Unlike <see cref="RepositorySpec"/> it cannot ask for initialisation: a restore never initialises a repository.</summary>
public sealed record RestoreRepository
{
    [Description("Secret in the same namespace whose keys are restic's environment variables: RESTIC_REPOSITORY, RESTIC_PASSWORD and the backend's credentials."), Required]
    public SecretReference SecretRef { get; init => field = value ?? new(); } = new();

    [Description("Volume that holds the repository, instead of a server.")]
    public RepositoryVolume? Volume { get; init; }
}
