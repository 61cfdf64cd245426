namespace Walle.Crds.Schema;

/// <summary>Limits on each string of a list, or on each value of a map.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemLimitsAttribute : Attribute
{
    public int MaxLength { get; init; }

    public int MinLength { get; init; }

    /// <summary>A regular expression (RE2), or null.</summary>
    public string? Pattern { get; init; }
}
