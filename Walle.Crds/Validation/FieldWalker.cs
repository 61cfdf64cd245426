using System.Collections;
using System.Text.Json;
using Walle.Crds.Schema;

namespace Walle.Crds.Validation;

/// <summary>Walks through a record along its attributes, the same that the schema is built from, and notes what breaks them.</summary>
internal static class FieldWalker
{
    /// <summary>Adds to <paramref name="problems"/>.</summary>
    public static void Walk(object value, string path, ICollection<string> problems)
    {
        var rules = TypeRules.Of(value.GetType());
        foreach (var field in rules.Fields)
            WalkField(rules, field, value, $"{path}.{field.Name}", problems);
        WalkRules(rules, value, path, problems);
    }

    private static void WalkRules(TypeRules rules, object value, string path, ICollection<string> problems)
    {
        foreach (var rule in rules.CelRules.Where(rule => !rules.Holds(rule, value)))
            problems.Add($"{path}: {rule.Message}");
        if (rules.ExactlyOneOf is { } fields && fields.Count(field => IsSet(rules.Field(field), value)) != 1)
            problems.Add($"{path}: {Sentences.ExactlyOneOf(fields)}");
        foreach (var rule in rules.Exclusive.Where(rule => IsSet(rules.Field(rule.Field), value) && IsSet(rules.Field(rule.Other), value)))
            problems.Add($"{path}: {Sentences.Exclusive(rule)}");
    }

    private static bool IsSet(FieldRules field, object parent) => field.ValueOf(parent) is { } value and not ICollection { Count: 0 };

    private static void WalkField(TypeRules rules, FieldRules field, object parent, string path, ICollection<string> problems)
    {
        var value = field.ValueOf(parent);
        // A record reads what the JSON lacks as an empty string or list.
        if (value is null or "" or ICollection { Count: 0 } && field.Required)
        {
            problems.Add(Complaints.Missing(path, field.Description));
            return;
        }

        if (value is null)
            return;
        foreach (var rule in field.CelRules.Where(rule => !rules.Holds(rule, parent)))
            problems.Add($"{path}: {rule.Message}");
        switch (field.Shape)
        {
            case FieldShape.Object:
                Walk(value, path, problems);
                break;
            case FieldShape.List:
                CheckCount(field, ((ICollection)value).Count, "items", path, problems);
                WalkItems(field, ((IEnumerable)value).Cast<object?>().Select((item, index) => ($"{path}[{index}]", item)), problems);
                break;
            case FieldShape.Map:
                var map = (IDictionary)value;
                CheckCount(field, map.Count, "entries", path, problems);
                WalkItems(field, map.Keys.Cast<string>().Select(key => ($"{path}[{Complaints.Quote(key)}]", map[key])), problems);
                break;
            case FieldShape.String:
                ScalarLimits.CheckString((string)value, field.Allowed, field.MinLength, field.MaxLength, field.Pattern, path, problems);
                break;
            case FieldShape.Int32 or FieldShape.Int64:
                ScalarLimits.CheckRange(Convert.ToInt64(value, null), field.Minimum, field.Maximum, path, problems);
                break;
            case FieldShape.Foreign:
                CheckForeign((JsonElement)value, path, problems);
                break;
            default:
                break; // Booleans and times have no limits.
        }
    }

    private static void WalkItems(FieldRules field, IEnumerable<(string Path, object? Item)> items, ICollection<string> problems)
    {
        foreach (var (path, item) in items)
        {
            switch (item)
            {
                case null:
                    problems.Add(Complaints.Missing(path, "remove the empty entry"));
                    break;
                case string text:
                    ScalarLimits.CheckString(text, null, field.ItemLimits?.MinLength, AboveZero(field.ItemLimits?.MaxLength), field.ItemLimits?.Pattern, path, problems);
                    break;
                case long number:
                    ScalarLimits.CheckRange(number, field.ItemRange?.Minimum, field.ItemRange?.Maximum, path, problems);
                    break;
                case JsonElement element:
                    CheckForeign(element, path, problems);
                    break;
                default:
                    if (FieldShapes.Of(item.GetType()) is FieldShape.Object)
                        Walk(item, path, problems);
                    break;
            }
        }
    }

    // Its fields are judged by the API server when Walle uses it.
    private static void CheckForeign(JsonElement element, string path, ICollection<string> problems)
    {
        if (element.ValueKind != JsonValueKind.Object)
            problems.Add($"{path}: is not an object; write it as in a Pod's spec");
    }

    private static int? AboveZero(int? length) => length > 0 ? length : null;

    private static void CheckCount(FieldRules field, int count, string what, string path, ICollection<string> problems)
    {
        if (count < field.MinLength)
            problems.Add($"{path}: has {count} {what}; write at least {field.MinLength}");
        if (count > field.MaxLength)
            problems.Add($"{path}: has {count} {what}; write at most {field.MaxLength}");
    }
}
