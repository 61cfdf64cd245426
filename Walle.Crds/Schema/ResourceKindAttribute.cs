namespace Walle.Crds.Schema;

/// <summary>Makes a record a kind of the API: its names in the CustomResourceDefinition.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ResourceKindAttribute(string kind, string plural, string shortName) : Attribute
{
    public string Kind { get; } = kind;

    public string Plural { get; } = plural;

    public string ShortName { get; } = shortName;

    /// <summary>Longest name of an object; 253 is what Kubernetes itself allows.</summary>
    public int MaxNameLength { get; init; } = 253;
}
