namespace Walle.Crds.Schema;

/// <summary>The regular expression that a string matches; one of <see cref="Patterns"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute(string pattern) : Attribute
{
    public string Pattern { get; } = pattern;
}
