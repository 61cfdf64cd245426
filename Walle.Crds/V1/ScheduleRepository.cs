using System.ComponentModel;

namespace Walle.Crds.V1;

/// <summary>Where a schedule backs up to, and who may delete there.</summary>
public sealed record ScheduleRepository : RepositorySpec
{
    [Description("Secret in the same namespace for prune, which deletes: where the credentials of secretRef may only add (a REST server with --append-only, a bucket policy), these may delete. Default: secretRef.")]
    public SecretReference? MaintenanceSecretRef { get; init; }
}
