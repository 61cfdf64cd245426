using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Walle.Tests.Crds;

/// <summary>Sets or removes one place of a JSON object, named as Kubernetes names fields: <c>spec.selectors[0].names</c>.</summary>
internal static partial class JsonPathEdit
{
    /// <summary>A copy with the value at the path; objects on the way are made.</summary>
    public static JsonObject With(this JsonObject root, string path, JsonNode? value)
    {
        var copy = root.DeepClone().AsObject();
        var (parent, last) = Parent(copy, path);
        if (parent is JsonArray list)
            list[int.Parse(last, null)] = value?.DeepClone();
        else
            parent[last] = value?.DeepClone();
        return copy;
    }

    /// <summary>A copy without the field.</summary>
    public static JsonObject Without(this JsonObject root, string path)
    {
        var copy = root.DeepClone().AsObject();
        var (parent, last) = Parent(copy, path);
        parent.AsObject().Remove(last);
        return copy;
    }

    /// <summary>What is there, or null.</summary>
    public static JsonNode? At(this JsonObject root, string path) =>
        Steps(path).Aggregate((JsonNode?)root, (node, step) => node is JsonArray list ? list.ElementAtOrDefault(int.Parse(step, null)) : node?[step]);

    private static (JsonNode Parent, string Last) Parent(JsonObject root, string path)
    {
        var steps = Steps(path);
        JsonNode node = root;
        foreach (var step in steps[..^1])
            node = node is JsonArray list ? list[int.Parse(step, null)]! : node[step] ??= new JsonObject();
        return (node, steps[^1]);
    }

    private static string[] Steps(string path) => [.. Step().Matches(path).Select(match => match.Value)];

    [GeneratedRegex(@"[^.\[\]]+")]
    private static partial Regex Step();
}
