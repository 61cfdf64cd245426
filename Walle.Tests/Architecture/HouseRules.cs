using System.Text.RegularExpressions;

namespace Walle.Tests.Architecture;

/// <summary>Sizes and names. Pure: it is given the files.</summary>
internal static partial class HouseRules
{
    public const int MaxLines = 400;

    public static IReadOnlyList<string> Violations(IReadOnlyList<SourceFile> files) =>
    [
        .. files.Where(file => Lines(file) > MaxLines).Select(file => $"{file.Path}: {Lines(file)} lines; more than {MaxLines} is two files"),
        .. files.SelectMany(file => Names(file).Where(name => Vague().IsMatch(name)).Distinct().Select(name => $"{file.Path}: '{name}' says nothing; name it after what it does")),
    ];

    private static int Lines(SourceFile file) => file.Text.TrimEnd('\n').Split('\n').Length;

    private static IEnumerable<string> Names(SourceFile file) => file.Path[..^".cs".Length].Split('/').Concat(CSharpText.DeclaredTypes(file.Text));

    [GeneratedRegex("(Utils?|Utilit(y|ies)|Helpers?|Common|Manager|Misc)$")]
    private static partial Regex Vague();
}
