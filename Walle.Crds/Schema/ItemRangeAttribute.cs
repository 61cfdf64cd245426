namespace Walle.Crds.Schema;

/// <summary>Limits on each number of a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemRangeAttribute(long minimum, long maximum) : Attribute
{
    public long Minimum { get; } = minimum;

    public long Maximum { get; } = maximum;
}
