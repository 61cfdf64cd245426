using System.Globalization;
using System.Text;

namespace Walle.Worker.Result;

/// <summary>Control characters made visible, so that a file name can neither forge a log line nor drive a terminal.</summary>
internal static class VisibleText
{
    public static string Escape(string text)
    {
        if (!text.Any(IsInvisible))
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
            _ = IsInvisible(c) ? escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : escaped.Append(c);
        return escaped.ToString();
    }

    /// <summary>At most so many characters, never half of a surrogate pair.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        if (most <= 0)
            return "";
        var end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    /// <summary>Format characters count: right-to-left overrides show a name other than the real one.</summary>
    private static bool IsInvisible(char c) =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format;
}
