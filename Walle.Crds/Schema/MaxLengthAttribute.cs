namespace Walle.Crds.Schema;

/// <summary>
/// Characters of a string, items of a list or entries of a map, at most. Not that of System.ComponentModel.DataAnnotations: its constructor warns when
/// the worker is compiled ahead of time.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MaxLengthAttribute(int length) : Attribute
{
    public int Length { get; } = length;
}
