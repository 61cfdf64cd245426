using System.Text.Json.Nodes;

namespace Walle.Tests.Crds;

/// <summary>An object that breaks one rule of the schema.</summary>
/// <param name="Kind">Type of the object.</param>
/// <param name="Field">Path of the field at fault, which every message must name.</param>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Object">The object.</param>
/// <param name="Decodes">False when not even the JSON fits the type, so that the controller sees a DecodeError instead of a spec.</param>
internal sealed record BrokenObject(Type Kind, string Field, string Rule, JsonObject Object, bool Decodes = true)
{
    public override string ToString() => $"{Kind.Name} {Field} {Rule}";
}
