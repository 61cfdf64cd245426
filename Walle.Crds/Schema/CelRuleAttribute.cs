namespace Walle.Crds.Schema;

/// <summary>
/// A CEL rule (x-kubernetes-validations) on a type or a property. Servers older than 1.23 drop it silently, so the controller checks the same
/// rule again and answers with reason InvalidSpec.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class CelRuleAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;

    public string Message { get; } = message;
}
