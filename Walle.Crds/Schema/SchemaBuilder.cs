using System.Text.Json.Nodes;

namespace Walle.Crds.Schema;

/// <summary>
/// Builds structural OpenAPI v3 schemas from the API's records and their attributes. Defaults are set on plain values only, never on objects, so
/// a nested default applies exactly where the user wrote the object around it.
/// </summary>
internal static class SchemaBuilder
{
    /// <summary>The schema of a record.</summary>
    public static JsonObject Build(Type type) => ObjectSchema(type, withDefaults: true);

    private static JsonObject ObjectSchema(Type type, bool withDefaults)
    {
        var rules = TypeRules.Of(type);
        var schema = new JsonObject { ["type"] = "object" };
        schema.AddNames("required", rules.Fields.Where(field => field.Required).Select(field => field.Name));
        schema["properties"] = new JsonObject(rules.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)FieldSchema(field, withDefaults))));
        CrossFieldRules.AddTo(schema, rules);
        return schema;
    }

    private static JsonObject FieldSchema(FieldRules field, bool withDefaults)
    {
        var schema = new JsonObject { ["description"] = Describe(field, withDefaults) };
        foreach (var (key, value) in ValueSchema(field, withDefaults && field.Overrides is null))
            schema[key] = value?.DeepClone();
        if (withDefaults && field.Default is { } @default)
            schema["default"] = Constant(@default);
        CrossFieldRules.AddCel(schema, field.CelRules.Select(rule => (rule.Rule, rule.Message)));
        return schema;
    }

    // kubectl explain shows no default, so the description says it; inside an override the default is the other object's value.
    private static string? Describe(FieldRules field, bool withDefaults)
    {
        if (!withDefaults || field.Default is not { } @default)
            return field.Description;
        return $"{field.Description} Default: {Constant(@default)}.";
    }

    private static JsonValue Constant(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        _ => throw new NotSupportedException($"a default cannot be a {value.GetType()}"),
    };

    private static JsonObject ValueSchema(FieldRules field, bool withDefaults) => field.Shape switch
    {
        FieldShape.String => StringSchema(field.Allowed, field.MinLength, field.MaxLength, field.Pattern, field.Quantity),
        FieldShape.Object => ObjectSchema(field.Type, withDefaults),
        FieldShape.List => ListSchema(field, withDefaults),
        FieldShape.Map => MapSchema(field, withDefaults),
        FieldShape.Foreign => ForeignSchema(field),
        var shape => PlainSchema(shape, field.Minimum, field.Maximum),
    };

    private static JsonObject ListSchema(FieldRules field, bool withDefaults)
    {
        var schema = new JsonObject { ["type"] = "array" };
        schema.AddNumber("minItems", field.MinLength);
        schema.AddNumber("maxItems", field.MaxLength);
        schema["items"] = ItemSchema(field, withDefaults);
        if (field.ListMapKey is not { } key)
            return schema;
        if (!TypeRules.Of(FieldShapes.ItemOf(field.Type)).Field(key).Required)
            throw new InvalidOperationException($"{field.Name}: the key {key} of a list must be required");
        schema["x-kubernetes-list-type"] = "map";
        schema.AddNames("x-kubernetes-list-map-keys", [key]);
        return schema;
    }

    private static JsonObject MapSchema(FieldRules field, bool withDefaults)
    {
        var schema = new JsonObject { ["type"] = "object" };
        schema.AddNumber("minProperties", field.MinLength);
        schema.AddNumber("maxProperties", field.MaxLength);
        schema["additionalProperties"] = ItemSchema(field, withDefaults);
        return schema;
    }

    private static JsonObject ItemSchema(FieldRules field, bool withDefaults)
    {
        var type = FieldShapes.ItemOf(field.Type);
        var limits = field.ItemLimits;
        return FieldShapes.Of(type) switch
        {
            FieldShape.String => StringSchema(null, AboveZero(limits?.MinLength), AboveZero(limits?.MaxLength), limits?.Pattern, field.Quantity),
            FieldShape.Object => ObjectSchema(type, withDefaults),
            FieldShape.Foreign => ForeignSchema(field),
            FieldShape.List or FieldShape.Map => throw new NotSupportedException($"{field.Name}: a list of lists has no attributes for its inner limits"),
            var shape => PlainSchema(shape, field.ItemRange?.Minimum, field.ItemRange?.Maximum),
        };
    }

    private static int? AboveZero(int? length) => length > 0 ? length : null;

    private static JsonObject StringSchema(IReadOnlyList<string>? allowed, int? minLength, int? maxLength, string? pattern, bool quantity)
    {
        // A schema that takes numbers too has no type of its own; the limits hold for whichever of the two is given.
        var schema = quantity
            ? new JsonObject { ["x-kubernetes-int-or-string"] = true, ["anyOf"] = new JsonArray(TypeOf("integer"), TypeOf("string")), ["minimum"] = 0 }
            : TypeOf("string");
        schema.AddNames("enum", allowed ?? []);
        schema.AddNumber("minLength", minLength);
        schema.AddNumber("maxLength", maxLength);
        if (pattern is not null)
            schema["pattern"] = pattern;
        return schema;
    }

    private static JsonObject PlainSchema(FieldShape shape, long? minimum, long? maximum)
    {
        var (type, format) = shape switch
        {
            FieldShape.Boolean => ("boolean", null),
            FieldShape.Int32 => ("integer", "int32"),
            FieldShape.Int64 => ("integer", "int64"),
            FieldShape.Double => ("number", "double"),
            FieldShape.Time => ("string", (string?)"date-time"),
            _ => throw new NotSupportedException($"{shape} is no plain value"),
        };
        var schema = TypeOf(type);
        if (format is not null)
            schema["format"] = format;
        schema.AddNumber("minimum", minimum);
        schema.AddNumber("maximum", maximum);
        return schema;
    }

    private static JsonObject ForeignSchema(FieldRules field) => field.PreserveUnknownFields
        ? new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true }
        : throw new InvalidOperationException($"{field.Name}: without [PreserveUnknownFields] the API server would drop its content");

    private static JsonObject TypeOf(string type) => new() { ["type"] = type };

    private static void AddNumber(this JsonObject schema, string key, long? value)
    {
        if (value is not null)
            schema[key] = value;
    }

    private static void AddNames(this JsonObject schema, string key, IEnumerable<string> names)
    {
        var array = new JsonArray([.. names.Select(name => (JsonNode)name)]);
        if (array.Count > 0)
            schema[key] = array;
    }
}
