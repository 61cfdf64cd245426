using System.Text.Json;

namespace Walle.Controller.Kubernetes;

/// <summary>The resourceVersion in the API server's answer to a write; 0 when it is no number.</summary>
internal static class ObjectVersion
{
    public static ulong Of(object answer) =>
        answer is JsonElement element && ulong.TryParse(element.GetProperty("metadata").GetProperty("resourceVersion").GetString(), out var version) ? version : 0;
}
