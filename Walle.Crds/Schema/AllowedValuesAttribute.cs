namespace Walle.Crds.Schema;

/// <summary>The values that a string may have. C# enums have no place in the API: an unknown value would end a whole list.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowedValuesAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}
