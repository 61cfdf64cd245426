using System.Text.RegularExpressions;

namespace Walle.Tests.Architecture;

/// <summary>Just enough C# for rules about names: what is code, and which types a file declares.</summary>
internal static partial class CSharpText
{
    /// <summary>Without comments, strings and characters, so that a word in prose is no reference.</summary>
    public static string Code(string text) => NotCode().Replace(text, match => match.Value.StartsWith('/') ? " " : "\"\"");

    public static IEnumerable<string> DeclaredTypes(string text) => TypeDeclaration().Matches(Code(text)).Select(match => match.Groups["name"].Value);

    public static bool Mentions(string code, string word) => Regex.IsMatch(code, $@"(?<![\w.]){Regex.Escape(word)}(?!\w)");

    [GeneratedRegex(""""
        //[^\n]* | /\*.*?\*/ | \$*"{3,}.*?"{3,} | \$?@\$?"(?:[^"]|"")*" | \$?"(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])+'
        """", RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex NotCode();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>\[\],?. ]+?)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex TypeDeclaration();
}
