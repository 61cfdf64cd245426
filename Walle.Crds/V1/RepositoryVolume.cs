using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>A volume that holds the repository: for a NAS or a disk instead of an object store.</summary>
public sealed record RepositoryVolume
{
    [Description("PersistentVolumeClaim in the same namespace, mounted at /repository in the workers. RESTIC_REPOSITORY in the Secret is then /repository or a folder below. With more than one node it needs access mode ReadWriteMany."), Required, MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string ClaimName { get; init => field = value ?? ""; } = "";
}
