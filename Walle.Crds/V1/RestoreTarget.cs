using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>Where a restore goes to: a claim, or a dump into a command.</summary>
[ExactlyOneOf("claimName", "exec")]
[Exclusive("exec", "create", "a command needs no claim; remove create")]
public sealed record RestoreTarget
{
    [Description("PersistentVolumeClaim in the same namespace. No running Pod may mount it."), MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string? ClaimName { get; init; }

    [Description("Make the claim; {} takes everything from what the backup recorded. When it is left out, the claim must exist.")]
    public NewClaim? Create { get; init; }

    [Description("Run the command of this workload's annotation ros.io/restore-command in one of its Pods, with the dump as its standard input. The command is started once at most: a restore that ends after that is not tried again.")]
    public RestoreCommandTarget? Exec { get; init; }
}
