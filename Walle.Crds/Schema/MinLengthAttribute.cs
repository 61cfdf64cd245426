namespace Walle.Crds.Schema;

/// <summary>Characters of a string, items of a list or entries of a map, at least (see <see cref="MaxLengthAttribute"/>).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MinLengthAttribute(int length) : Attribute
{
    public int Length { get; } = length;
}
