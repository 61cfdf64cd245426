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

    /// <summary>OpenTelemetry's default buckets are for milliseconds; everything here is in seconds, from a cached read to a reconcile's time-out.</summary>
    public static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    public static Meter Create() => new(Name);

    public static KeyValuePair<string, object?> Kind(string kind) => new(KindLabel, kind);

    public static KeyValuePair<string, object?> Result(string result) => new(ResultLabel, result);
}
