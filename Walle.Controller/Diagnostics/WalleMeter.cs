using System.Diagnostics.Metrics;

namespace Walle.Controller.Diagnostics;

/// <summary>The Meter that all of the controller's instruments belong to. One is made in Program.cs and handed down; tests make their own.</summary>
internal static class WalleMeter
{
    public const string Name = "Walle";

    /// <summary>The label by which everything shared by several kinds is told apart.</summary>
    public const string KindLabel = "kind";

    /// <summary>The label for how something ended.</summary>
    public const string ResultLabel = "result";

    public static Meter Create() => new(Name);

    public static KeyValuePair<string, object?> Kind(string kind) => new(KindLabel, kind);

    public static KeyValuePair<string, object?> Result(string result) => new(ResultLabel, result);
}
