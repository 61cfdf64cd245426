using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Walle.Crds.Schema;

/// <summary>
/// Everything that the attributes of one property say. The schema and the validator both read it from here, and only from here, so that they
/// cannot differ.
/// </summary>
internal sealed class FieldRules(PropertyInfo property)
{
    private readonly RangeAttribute? _range = property.GetCustomAttribute<RangeAttribute>();

    /// <summary>Name in JSON.</summary>
    public string Name { get; } =
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    public Type Type { get; } = property.PropertyType;
    public FieldShape Shape { get; } = FieldShapes.Of(property.PropertyType);
    public string? Description { get; } = property.GetCustomAttribute<DescriptionAttribute>()?.Description;
    public bool Required { get; } = property.IsDefined(typeof(RequiredAttribute));

    /// <summary>Default of the schema, or null.</summary>
    public object? Default { get; } = property.GetCustomAttribute<DefaultValueAttribute>()?.Value;
    public IReadOnlyList<string>? Allowed { get; } = property.GetCustomAttribute<AllowedValuesAttribute>()?.Values;
    public long? Minimum => _range?.Minimum;
    public long? Maximum => _range?.Maximum;

    /// <summary>Of a string its characters, of a list its items, of a map its entries.</summary>
    public int? MinLength { get; } = property.GetCustomAttribute<MinLengthAttribute>()?.Length;

    /// <inheritdoc cref="MinLength"/>
    public int? MaxLength { get; } = property.GetCustomAttribute<MaxLengthAttribute>()?.Length;
    public string? Pattern { get; } = property.GetCustomAttribute<PatternAttribute>()?.Pattern;
    public ItemLimitsAttribute? ItemLimits { get; } = property.GetCustomAttribute<ItemLimitsAttribute>();
    public ItemRangeAttribute? ItemRange { get; } = property.GetCustomAttribute<ItemRangeAttribute>();
    public string? ListMapKey { get; } = property.GetCustomAttribute<ListMapKeyAttribute>()?.Key;
    public bool Quantity { get; } = property.IsDefined(typeof(QuantityAttribute));
    public bool PreserveUnknownFields { get; } = property.IsDefined(typeof(PreserveUnknownFieldsAttribute));

    /// <summary>Path of the object that this one overrides, or null.</summary>
    public string? Overrides { get; } = property.GetCustomAttribute<OverridesAttribute>()?.Field;
    public IReadOnlyList<CelRuleAttribute> CelRules { get; } = [.. property.GetCustomAttributes<CelRuleAttribute>()];

    public object? ValueOf(object parent) => property.GetValue(parent);
}
