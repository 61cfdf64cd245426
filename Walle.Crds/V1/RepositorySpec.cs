using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Where to: a restic repository.</summary>
public record RepositorySpec
{
    [Description("Secret in the same namespace whose keys are restic's environment variables: RESTIC_REPOSITORY, RESTIC_PASSWORD and the backend's credentials."), Required]
    public SecretReference SecretRef { get; init => field = value ?? new(); } = new();

    [Description("Volume that holds the repository, instead of a server. It is never backed up into itself.")]
    public RepositoryVolume? Volume { get; init; }

    [Description("IfMissing initialises a repository that this namespace has never reached; Never fails with RepositoryNotFound instead."), DefaultValue(RepositoryInitialize.IfMissing), AllowedValues(RepositoryInitialize.IfMissing, RepositoryInitialize.Never)]
    public string? Initialize { get; init; }
}
