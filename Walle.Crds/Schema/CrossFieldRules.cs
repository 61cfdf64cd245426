using System.Text.Json.Nodes;

namespace Walle.Crds.Schema;

/// <summary>What a schema says about several fields at once: for every server where JSON schema can say it, and in CEL for its better message.</summary>
internal static class CrossFieldRules
{
    public const string CelKey = "x-kubernetes-validations";

    // Kubernetes shows a field with such a name to CEL between underscores ("Escaping" in its reference of CRD validation rules).
    private static readonly HashSet<string> Reserved =
    [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
        "return", "var", "void", "while",
    ];

    public static void AddTo(JsonObject schema, TypeRules rules)
    {
        foreach (var rule in rules.Exclusive)
            AddAllOf(schema, new JsonObject { ["not"] = Together(rules.Field(rule.Field), rules.Field(rule.Other)) });
        if (rules.ExactlyOneOf is { } fields)
            schema["oneOf"] = new JsonArray([.. fields.Select(field => new JsonObject { ["required"] = new JsonArray(rules.Field(field).Name) })]);
        foreach (var rule in rules.CelRules.Where(rule => rule.Schema is not null))
            AddAllOf(schema, JsonNode.Parse(rule.Schema!)!.AsObject());
        AddCel(schema, CelOf(rules));
    }

    /// <summary>Appends x-kubernetes-validations.</summary>
    public static void AddCel(JsonObject schema, IEnumerable<(string Rule, string Message)> rules)
    {
        var validations = schema[CelKey] as JsonArray ?? [];
        foreach (var (rule, message) in rules)
            validations.Add((JsonNode)new JsonObject { ["rule"] = rule, ["message"] = message });
        if (validations.Count > 0 && validations.Parent is null)
            schema[CelKey] = validations;
    }

    private static IEnumerable<(string Rule, string Message)> CelOf(TypeRules rules)
    {
        foreach (var rule in rules.CelRules)
            yield return (rule.Rule, rule.Message);
        if (rules.ExactlyOneOf is { } fields)
            yield return ($"[{string.Join(", ", fields.Select(field => IsSet(rules.Field(field))))}].filter(set, set).size() == 1", Sentences.ExactlyOneOf(fields));
        foreach (var rule in rules.Exclusive)
            yield return ($"!({IsSet(rules.Field(rule.Field))} && {IsSet(rules.Field(rule.Other))})", Sentences.Exclusive(rule));
    }

    private static string IsSet(FieldRules field)
    {
        var name = Reserved.Contains(field.Name) ? $"__{field.Name}__" : field.Name;
        return field.Shape is FieldShape.List ? $"has(self.{name}) && size(self.{name}) > 0" : $"has(self.{name})";
    }

    private static JsonObject Together(params FieldRules[] fields)
    {
        var schema = new JsonObject { ["required"] = new JsonArray([.. fields.Select(field => (JsonNode)field.Name)]) };
        var lists = fields.Where(field => field.Shape is FieldShape.List).ToList();
        if (lists.Count > 0)
            schema["properties"] = new JsonObject(lists.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)new JsonObject { ["minItems"] = 1 })));
        return schema;
    }

    private static void AddAllOf(JsonObject schema, JsonObject part)
    {
        var all = schema["allOf"] as JsonArray ?? [];
        all.Add((JsonNode)part);
        if (all.Parent is null)
            schema["allOf"] = all;
    }
}
