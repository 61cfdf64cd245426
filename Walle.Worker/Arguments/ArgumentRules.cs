using System.Globalization;

namespace Walle.Worker.Arguments;

/// <summary>What a value of the command line may look like. Written out, since a regular expression engine would be a third of the program.</summary>
internal static class ArgumentRules
{
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    public static bool IsHost(string value) => IsPrintable(value, 253) && value[0] != '-' && !value.Contains(' ', StringComparison.Ordinal);

    public static bool IsId(string value) => value.Length == 64 && value.All(char.IsAsciiHexDigitLower);

    /// <summary>Whole, or shortened as people copy it.</summary>
    public static bool IsShortId(string value) => value.Length is >= 8 and <= 64 && value.All(char.IsAsciiHexDigitLower);

    /// <summary>As <see cref="Crds.Schema.Patterns.ResticTag"/>. A comma would split the tag in two.</summary>
    public static bool IsTag(string value) =>
        value.Length is > 0 and <= 512
        && (char.IsAsciiLetterOrDigit(value[0]) || value[0] is '.' or '_' or '=')
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '=' or ':' or '/' or '-');

    /// <summary>No control or line separator character, of Unicode's either.</summary>
    public static bool IsPrintable(string value, int most) =>
        value.Length > 0 && value.Length <= most
        && value.All(c => !char.IsControl(c) && char.GetUnicodeCategory(c) is not (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    /// <summary>A duration as Go writes it, in hours, minutes and seconds: 1h30m, 5m, 90s.</summary>
    public static bool IsDuration(string value)
    {
        var rest = value.AsSpan();
        foreach (var unit in "hms")
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is > 0 and <= 9 && rest[digits] == unit)
                rest = rest[(digits + 1)..];
        }
        return value.Length > 0 && rest.IsEmpty;
    }

    public static bool IsAbsolutePath(string value) =>
        IsPrintable(value, 4096) && value.Length > 1 && value[0] == '/' && value[^1] != '/' && Path.GetFullPath(value) == value;

    public static DateTimeOffset? Time(string value) =>
        DateTimeOffset.TryParseExact(value, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year >= 1970
            ? time
            : null;
}
