using System.Globalization;

namespace Walle.Tests.Bench;

internal sealed record Spread(double Median, double Min, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return new Spread(sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[0], sorted[^1]);
    }

    public string Format(string format) =>
        $"{Median.ToString(format, CultureInfo.InvariantCulture),9} {Min.ToString(format, CultureInfo.InvariantCulture),9} {Max.ToString(format, CultureInfo.InvariantCulture),9}";
}
