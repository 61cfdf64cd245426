namespace Walle.Crds.Schema;

/// <summary>Two properties exclude each other (an empty list counts as not set): a "not" for every server, a CEL rule for its better message, and the same check in C#.</summary>
/// <param name="field">Name as in JSON.</param>
/// <param name="other">Name as in JSON.</param>
/// <param name="advice">What to do about it, as the end of a sentence.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ExclusiveAttribute(string field, string other, string advice) : Attribute
{
    public string Field { get; } = field;

    public string Other { get; } = other;

    public string Advice { get; } = advice;
}
