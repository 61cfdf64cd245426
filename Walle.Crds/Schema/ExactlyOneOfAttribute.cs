namespace Walle.Crds.Schema;

/// <summary>Exactly one of these properties is set: a oneOf for every server, a CEL rule for its better message, and the same check in C#.</summary>
/// <param name="fields">Names as in JSON.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ExactlyOneOfAttribute(params string[] fields) : Attribute
{
    public IReadOnlyList<string> Fields { get; } = fields;
}
