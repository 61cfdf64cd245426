using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Walle.Crds.Schema;

namespace Walle.Crds.Validation;

/// <summary>The limits of one string or number, counted as the API server counts.</summary>
internal static class ScalarLimits
{
    private static readonly ConcurrentDictionary<string, Regex> Known = new();

    public static void CheckString(
        string value, IReadOnlyList<string>? allowed, int? minLength, int? maxLength, string? pattern, string path, ICollection<string> problems)
    {
        // The API server counts code points, .NET counts UTF-16 units.
        var length = value.EnumerateRunes().Count();
        if (allowed?.Contains(value) == false)
            problems.Add($"{path}: {Complaints.Quote(value)} is not allowed; write {Sentences.Join(allowed, "or")}");
        else if (length > maxLength)
            problems.Add($"{path}: has {length} characters; write at most {maxLength}");
        else if (pattern is not null && !Compile(pattern).IsMatch(value))
            problems.Add($"{path}: {Complaints.Quote(value)} is not {PatternMeaning.Of(pattern).Noun}; write for example {PatternMeaning.Of(pattern).Example}");
        else if (length < minLength)
            problems.Add($"{path}: has {length} characters; write at least {minLength}");
    }

    public static void CheckRange(long value, long? minimum, long? maximum, string path, ICollection<string> problems)
    {
        if (value < minimum || value > maximum)
            problems.Add($"{path}: {value} is out of range; write {minimum} to {maximum}");
    }

    // "$" of .NET matches before a last line feed as well, that of the API server (RE2) does not. NonBacktracking is linear, as RE2 is: what a user
    // writes cannot stall the controller.
    private static Regex Compile(string pattern) => Known.GetOrAdd(pattern, static pattern =>
        new Regex(pattern.EndsWith('$') ? pattern[..^1] + @"\z" : pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
}
