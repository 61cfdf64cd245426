using System.Text.Json;
using System.Text.Json.Nodes;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Selection;

/// <summary>A selector's options over those of the schedule, field by field; also inside <c>worker</c> and <c>clone</c>. What is a list or a map is replaced whole.</summary>
internal static class OptionsOverride
{
    private static readonly string[] Parts = ["worker", "clone"];

    public static BackupOptions? Apply(BackupOptions? options, BackupOptions? over)
    {
        if (options is null || over is null)
        {
            return over ?? options;
        }

        var merged = ToJson(options);
        foreach (var (name, value) in ToJson(over))
        {
            if (Parts.Contains(name) && merged[name] is JsonObject part)
            {
                foreach (var (inner, innerValue) in value!.AsObject())
                {
                    part[inner] = innerValue?.DeepClone();
                }
            }
            else
            {
                merged[name] = value?.DeepClone();
            }
        }

        return merged.Deserialize(CrdJsonContext.Default.BackupOptions);
    }

    private static JsonObject ToJson(BackupOptions options) => JsonSerializer.SerializeToNode(options, CrdJsonContext.Default.BackupOptions)!.AsObject();
}
