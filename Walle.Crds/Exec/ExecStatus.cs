using System.Globalization;
using System.Text.Json;

namespace Walle.Crds.Exec;

/// <summary>The metav1.Status at the end of an exec.</summary>
/// <param name="Succeeded">The command ended with exit code 0.</param>
/// <param name="ExitCode">Null when the command could not be run, or nobody knows how it ended.</param>
/// <param name="Message">The server's words for a failure.</param>
public sealed record ExecStatus(bool Succeeded, int? ExitCode, string? Message)
{
    /// <summary>Null when it is no Status.</summary>
    public static ExecStatus? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return Text(root, "status") switch
            {
                "Success" => new ExecStatus(true, 0, null),
                "Failure" => Failure(root),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Cut off, or bytes that are no text.
            return null;
        }
    }

    private static ExecStatus Failure(JsonElement root)
    {
        int? code = null;
        if (Text(root, "reason") == "NonZeroExitCode" && root.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object
            && details.TryGetProperty("causes", out var causes) && causes.ValueKind == JsonValueKind.Array)
        {
            foreach (var cause in causes.EnumerateArray())
            {
                if (Text(cause, "reason") == "ExitCode" && int.TryParse(Text(cause, "message"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                    code = number;
            }
        }

        // A failure that claims exit code 0 is a failure all the same.
        return new ExecStatus(false, code == 0 ? null : code, Text(root, "message"));
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
