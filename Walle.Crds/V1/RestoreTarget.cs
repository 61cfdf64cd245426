using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Where a restore goes to.</summary>
public sealed record RestoreTarget
{
    [Description("PersistentVolumeClaim in the same namespace. No running Pod may mount it."), Required, MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string ClaimName { get; init => field = value ?? ""; } = "";

    [Description("Make the claim; {} takes everything from what the backup recorded. When it is left out, the claim must exist.")]
    public NewClaim? Create { get; init; }
}
