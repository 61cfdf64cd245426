using System.Text.Encodings.Web;
using System.Text.Json;

namespace Walle.Crds.Validation;

/// <summary>Wording that several checks share.</summary>
internal static class Complaints
{
    private const int LongestQuote = 64;

    public static string Missing(string path, string? fix) => $"{path}: is missing. {fix}";

    /// <summary>A user's text as a part of a message: short, and without control characters, since messages end up in terminals.</summary>
    public static string Quote(string text)
    {
        var runes = text.EnumerateRunes();
        var start = string.Concat(runes.Take(LongestQuote));
        var ellipsis = runes.Count() > LongestQuote ? "..." : "";
        return $"\"{JsonEncodedText.Encode(start, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}{ellipsis}\"";
    }
}
