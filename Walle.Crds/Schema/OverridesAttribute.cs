namespace Walle.Crds.Schema;

/// <summary>
/// The object overrides another one field by field, so the schema sets no default inside it: a field that the user left out would come back
/// with its default and override what the user did write in the other object.
/// </summary>
/// <param name="field">Path of the other object.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OverridesAttribute(string field) : Attribute
{
    public string Field { get; } = field;
}
