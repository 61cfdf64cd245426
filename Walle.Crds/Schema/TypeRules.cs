using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Walle.Crds.Schema;

/// <summary>Everything that the attributes of one record say, and its properties, sorted by name.</summary>
internal sealed class TypeRules
{
    private static readonly ConcurrentDictionary<Type, TypeRules> Known = new();
    private readonly Type _type;

    private TypeRules(Type type)
    {
        _type = type;
        Fields =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => !property.IsDefined(typeof(JsonIgnoreAttribute)))
                .Select(property => new FieldRules(property))
                .OrderBy(field => field.Name, StringComparer.Ordinal),
        ];
        CelRules = [.. type.GetCustomAttributes<CelRuleAttribute>()];
        ExactlyOneOf = type.GetCustomAttribute<ExactlyOneOfAttribute>()?.Fields;
        Exclusive = [.. type.GetCustomAttributes<ExclusiveAttribute>()];
    }

    public IReadOnlyList<FieldRules> Fields { get; }

    /// <summary>The rules written in CEL, without those that follow from <see cref="ExactlyOneOf"/> and <see cref="Exclusive"/>.</summary>
    public IReadOnlyList<CelRuleAttribute> CelRules { get; }
    public IReadOnlyList<string>? ExactlyOneOf { get; }
    public IReadOnlyList<ExclusiveAttribute> Exclusive { get; }

    public static TypeRules Of(Type type) => Known.GetOrAdd(type, static type => new TypeRules(type));

    /// <summary>The property with this name in JSON; an attribute that names another is a mistake of ours and throws.</summary>
    public FieldRules Field(string name) =>
        Fields.FirstOrDefault(field => field.Name == name) ?? throw new InvalidOperationException($"{_type.Name} has no field {name}");

    /// <summary>Whether the C# twin of a rule holds; a rule without one is about changes and cannot be judged here.</summary>
    public bool Holds(CelRuleAttribute rule, object value)
    {
        if (rule.Twin is null)
            return true;
        var twin = _type.GetProperty(rule.Twin, BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance)
            ?? throw new InvalidOperationException($"{_type.Name} has no property {rule.Twin}");
        return (bool)twin.GetValue(value)!;
    }
}
