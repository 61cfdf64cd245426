namespace Walle.Crds.Schema;

/// <summary>
/// A CEL rule (x-kubernetes-validations) on a type or a property. Servers older than 1.25 have none, so <paramref name="twin"/> names a
/// property of the same record that says the same in C#: the validator reads it, and the controller answers with reason InvalidSpec. Only a rule
/// about the change of an object (oldSelf) has none.
/// </summary>
/// <param name="rule">The expression.</param>
/// <param name="message">What is wrong and what to write instead.</param>
/// <param name="twin">Name of a bool property of the record, true when the rule holds.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class CelRuleAttribute(string rule, string message, string? twin = null) : Attribute
{
    public string Rule { get; } = rule;

    public string Message { get; } = message;

    public string? Twin { get; } = twin;

    /// <summary>The same in JSON schema, where that can say it: servers without CEL then refuse the object too, if in worse words. Types only.</summary>
    public string? Schema { get; init; }
}
