using System.Globalization;
using System.Text;

namespace Walle.Crds.Exec;

/// <summary>
/// What a command printed, as it may be shown: no control characters, terminal sequences or bytes that are no text, and without what looks like a
/// credential. Walle knows no password of a workload, so it goes by their looks: <c>user:password@</c> in URLs, and values after words such as password=.
/// </summary>
public static class OutputText
{
    private const string Mask = "***";
    private static readonly string[] Names = ["password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api_key", "access_key", "credential", "authorization", "identified by"];
    private static readonly string[] Schemes = ["Bearer ", "Basic "];

    /// <param name="most">Characters to keep, from the end.</param>
    public static string Of(ReadOnlySpan<byte> output, int most)
    {
        var text = Redact(WithoutControls(Encoding.UTF8.GetString(output))).Trim();
        if (text.Length <= most)
            return text;
        var start = text.Length - most + 1;
        return string.Concat("…", text.AsSpan(char.IsLowSurrogate(text[start]) ? start + 1 : start));
    }

    public static string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = MaskUserInfo(text);
        foreach (var scheme in Schemes)
            text = MaskWord(text, scheme);
        foreach (var name in Names)
            text = MaskAfter(text, name);
        return text;
    }

    private static string WithoutControls(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\e')
                i = EndOfSequence(text, i);
            else if (c == '\n')
                _ = kept.Append(c);
            else if (c == '\t')
                _ = kept.Append(' ');
            // Half a character, the mark of bytes that are no text, and what is not seen.
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                _ = kept.Append(c).Append(text[++i]);
            else if (c != '\r')
                _ = kept.Append(IsShown(c) ? c : '·');
        }

        return kept.ToString();
    }

    private static bool IsShown(char c) => !char.IsControl(c) && !char.IsSurrogate(c) && c != '\uFFFD'
        && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    /// <summary>The index of the last character of a terminal's escape sequence (ECMA-48).</summary>
    private static int EndOfSequence(string text, int start)
    {
        if (start + 1 >= text.Length || text[start + 1] != '[')
            return Math.Min(start + 1, text.Length - 1);
        var i = start + 2;
        while (i < text.Length && text[i] is >= '\u0020' and <= '\u003f')
            i++;
        return Math.Min(i, text.Length - 1);
    }

    private static string MaskUserInfo(string text)
    {
        for (var at = text.IndexOf("://", StringComparison.Ordinal); at >= 0; at = text.IndexOf("://", at + 3, StringComparison.Ordinal))
        {
            var end = EndOfWord(text, at + 3, "/?#\"'<>");
            var user = text.AsSpan(at + 3, end - at - 3).LastIndexOf('@');
            if (user > 0)
                text = string.Concat(text.AsSpan(0, at + 3), Mask, text.AsSpan(at + 3 + user));
        }

        return text;
    }

    /// <summary>name=value, name: value, --name value, "name": "value", NAME 'value'.</summary>
    private static string MaskAfter(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(name, at + name.Length, StringComparison.OrdinalIgnoreCase))
        {
            var i = at + name.Length;
            var start = i;
            while (i < text.Length && text[i] is ' ' or '=' or ':' or '"' or '\'')
                i++;
            // Only where something stands between name and value that a value stands behind: "password authentication failed" is no value.
            var between = text.AsSpan(start, i - start);
            if (i == text.Length || between.IndexOfAny("=:\"'") < 0)
                continue;
            var end = EndOfWord(text, i, "\"',;&");
            if (end > i && !text.AsSpan(i).StartsWith(Mask, StringComparison.Ordinal))
                text = string.Concat(text.AsSpan(0, i), Mask, text.AsSpan(end));
        }

        return text;
    }

    private static string MaskWord(string text, string before)
    {
        for (var at = text.IndexOf(before, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(before, at + before.Length, StringComparison.OrdinalIgnoreCase))
        {
            var end = EndOfWord(text, at + before.Length, "\"',;");
            if (end - at - before.Length >= 16)
                text = string.Concat(text.AsSpan(0, at + before.Length), Mask, text.AsSpan(end));
        }

        return text;
    }

    private static int EndOfWord(string text, int start, string ends)
    {
        var end = start;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && !ends.Contains(text[end], StringComparison.Ordinal))
            end++;
        return end;
    }
}
