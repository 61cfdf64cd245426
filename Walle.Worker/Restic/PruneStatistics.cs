using System.Globalization;

namespace Walle.Worker.Restic;

/// <summary>Reads what <c>restic prune</c> tells people, since 0.18 has no JSON for it: "total prune:          12 blobs / 1.234 MiB".</summary>
internal static class PruneStatistics
{
    private const string Total = "total prune:";
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <returns>Bytes, or null when the line is another one.</returns>
    public static long? TotalPruned(string line)
    {
        if (!line.StartsWith(Total, StringComparison.Ordinal) || line.Split('/') is not [_, var size] || size.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var number, var unit])
            return null;
        var power = Array.IndexOf(Units, unit);
        return power >= 0 && decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount < 100_000
            ? (long)(amount * (1L << (10 * power)))
            : null;
    }
}
