using System.Text.Json;

namespace Walle.Controller.Kubernetes;

/// <summary>A metav1.Status: what the API server answers when it refuses, and what ends a watch.</summary>
internal sealed class ApiStatus
{
    public static ApiStatus Empty { get; } = new();

    private string[] _causes = [];

    public int Code { get; private init; }
    public string Reason { get; private init; } = "";
    public string Message { get; private init; } = "";
    public int RetryAfterSeconds { get; private init; }

    public bool HasCause(string reason) => _causes.Contains(reason);

    /// <summary>What is no Status (a proxy's page, a cut body) counts as an empty one.</summary>
    public static ApiStatus Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Parse(document.RootElement);
        }
        catch (JsonException)
        {
            return Empty;
        }
    }

    private static ApiStatus Parse(JsonElement root)
    {
        var details = Property(root, "details");
        return new ApiStatus
        {
            Code = Number(root, "code"),
            Reason = Text(root, "reason"),
            Message = Text(root, "message"),
            RetryAfterSeconds = Number(details, "retryAfterSeconds"),
            _causes = Property(details, "causes") is { ValueKind: JsonValueKind.Array } causes
                ? [.. causes.EnumerateArray().Select(cause => Text(cause, "reason"))]
                : [],
        };
    }

    private static JsonElement Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static string Text(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    private static int Number(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : 0;
}
