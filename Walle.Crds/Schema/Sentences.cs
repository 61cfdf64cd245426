namespace Walle.Crds.Schema;

/// <summary>The messages of the generated rules: the same from CEL and from the validator.</summary>
internal static class Sentences
{
    public static string ExactlyOneOf(IReadOnlyList<string> fields) => $"set exactly one of {Join(fields, "and")}";

    public static string Exclusive(ExclusiveAttribute rule) => $"{rule.Field} and {rule.Other} exclude each other; {rule.Advice}";

    /// <summary>"a", "a or b", "a, b or c".</summary>
    public static string Join(IReadOnlyList<string> words, string conjunction) =>
        words.Count == 1 ? words[0] : $"{string.Join(", ", words.Take(words.Count - 1))} {conjunction} {words[^1]}";
}
