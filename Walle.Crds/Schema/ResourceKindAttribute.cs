namespace Walle.Crds.Schema;

/// <summary>Makes a record a kind of the API: its names in the CustomResourceDefinition.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ResourceKindAttribute(string kind, string plural, string shortName) : Attribute
{
    public string Kind { get; } = kind;

    public string Plural { get; } = plural;

    public string ShortName { get; } = shortName;
}
