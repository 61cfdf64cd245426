using System.Text.Json.Nodes;

namespace Walle.Controller.Kubernetes;

/// <summary>Computes a JSON merge patch (RFC 7386): what changed, with null for what is gone. Lists are replaced whole.</summary>
internal static class MergePatch
{
    /// <summary>Null when nothing changed.</summary>
    public static JsonObject? Between(JsonObject? before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in after)
        {
            var old = before?[name];
            if (value is JsonObject child && old is JsonObject oldChild)
            {
                if (Between(oldChild, child) is { } inner)
                {
                    patch[name] = inner;
                }
            }
            else if (!JsonNode.DeepEquals(old, value))
            {
                patch[name] = value?.DeepClone();
            }
        }

        foreach (var (name, _) in before ?? [])
        {
            if (!after.ContainsKey(name))
            {
                patch[name] = null;
            }
        }

        return patch.Count == 0 ? null : patch;
    }
}
