using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Where to: a restic repository.</summary>
public sealed record RepositorySpec
{
    [Description("Secret in the same namespace whose keys are restic's environment variables: RESTIC_REPOSITORY, RESTIC_PASSWORD and the backend's credentials."), Required]
    public SecretReference SecretRef { get; init => field = value ?? new(); } = new();

    [Description("Secret in the same namespace for prune, which deletes: where the credentials of secretRef may only add (a REST server with --append-only, a bucket policy), these may delete. Default: secretRef.")]
    public SecretReference? MaintenanceSecretRef { get; init; }

    [Description("IfMissing initialises a repository that this namespace has never reached; Never fails with RepositoryNotFound instead."), DefaultValue(RepositoryInitialize.IfMissing), AllowedValues(RepositoryInitialize.IfMissing, RepositoryInitialize.Never)]
    public string? Initialize { get; init; }
}
