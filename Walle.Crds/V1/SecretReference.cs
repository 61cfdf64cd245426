using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>A Secret of the object's own namespace. It has no namespace field, so nobody can reach another tenant's Secret.</summary>
public sealed record SecretReference
{
    [Description("Name of a Secret in the same namespace."), Required, MinLength(1), MaxLength(253), Pattern(Patterns.DnsSubdomain)]
    public string Name { get; init => field = value ?? ""; } = "";
}
