using System.Globalization;

namespace Walle.Tests.Scheduling;

/// <summary>Expressions for the differential test: the nasty ones by hand, and the same many from a fixed seed.</summary>
internal static class ScannedExpressions
{
    private const int Count = 520;
    private const int Seed = 20240229;
    private static readonly string[] MonthNames = ["jan", "FEB", "Mar", "apr", "MAY", "jun", "jul", "AUG", "sep", "oct", "NOV", "dec"];
    private static readonly string[] WeekdayNames = ["sun", "MON", "tue", "Wed", "THU", "fri", "sat"];

    private static readonly string[] ByHand =
    [
        "* * * * *", "*/15 * * * *", "7/20 * * * *", "H/30 * * * *", "0 * * * *", "30 * * * *", "30 */2 * * *", "59 * * * *", "0 H/6 * * *", "15 0-23 * * *",
        "0 0 * * *", "0 1 * * *", "30 1 * * *", "0 2 * * *", "15,45 2 * * *", "30 2 * * *", "59 2 * * *", "0 3 * * *", "1 0 * * *", "30 0 * * *", "59 23 * * *",
        "*/15 2 * * *", "* 2 * * *", "* 0 * * sun", "* * 30 12 *", "*/10 1-3 * * 0", "0 23,0 * * *", "45 1,2,3 * * *",
        "0 0 29 2 *", "0 0 29 2 */7", "0 0 29 2 1", "0 0 29,30,31 2 *", "0 0 30 2 1", "0 0 31 * *", "0 0 30,31 * *", "0 12 31 4,6,9,11,12 *", "59 23 28-31 * *",
        "0 0 1 * 1", "0 0 13 * 5", "0 0 13 * fri", "0 0 */2 * 1", "0 0 1-31 * 1", "0 0 1,15 * */2", "0 0 * * 1", "0 0 *,5 * 1", "0 0 1-7 * *,1",
        "0 0 * * 7", "0 0 * * 0", "0 0 * * 5-7", "0 0 * * fri-sun", "0 0 * * 0-7", "0 0 * * 1/2", "0 0 1/10 * *", "0 0 * 11/1 *", "0 0 * * sat,7",
        "0 0 1 1 *", "0 0 31 12 *", "30 2 30 3 *", "30 2 27 10 *", "30 2 * 3,10 sun", "0 12 30 12 *", "0 0 30 12 *", "0 0 31 12 5",
        "H H * * *", "H 2 * * *", "H(0-29) 3 * * MON-FRI", "H H H * *", "H H * * H", "H H H H *", "H(10-19),H(40-49) H(1-3) * * *", "H H/4 * * *", "H H(0-7)/3 H(1-10) * *", "H 4 * * 0",
        "*/60 */24 */31 */12 *", "0-59/59 0-23/23 1-31/30 1-12/11 0-6/6", "5-10/3 2-2 * jan-mar,DEC mon-wed,FRI", "0 2 * MAR-MAY/2 sun",
    ];

    public static IEnumerable<string> All()
    {
        var random = new Random(Seed);
        return ByHand.Concat(Enumerable.Range(0, Count - ByHand.Length).Select(_ => string.Join(' ', Minute(random), Hour(random), DayOfMonth(random), Month(random), DayOfWeek(random))));
    }

    private static string Minute(Random random) => random.Next(20) switch
    {
        < 13 => Number(random, 0, 59),
        < 15 => $"{random.Next(60)},{random.Next(60)}",
        < 18 => Hashed(random, 0, 59),
        < 19 => $"{random.Next(60)}/{random.Next(20, 60)}",
        _ => $"*/{random.Next(15, 60)}",
    };

    /// <summary>Often about the time when clocks change.</summary>
    private static string Hour(Random random) => random.Next(20) switch
    {
        < 12 => Number(random, 0, 3),
        < 15 => Number(random, 4, 23),
        < 17 => Hashed(random, 0, 23),
        < 18 => Range(random, 0, 23),
        < 19 => $"*/{random.Next(2, 13)}",
        _ => "*",
    };

    private static string DayOfMonth(Random random) => random.Next(10) switch
    {
        < 5 => "*",
        < 7 => Number(random, 1, 31),
        7 => Range(random, 1, 31),
        8 => Hashed(random, 1, 28),
        _ => $"*/{random.Next(2, 16)}",
    };

    private static string Month(Random random) => random.Next(10) switch
    {
        < 6 => "*",
        6 => MonthNames[random.Next(12)],
        7 => $"{MonthNames[random.Next(6)]}-{MonthNames[random.Next(6, 12)]}",
        8 => Range(random, 1, 12),
        _ => $"*/{random.Next(2, 7)}",
    };

    private static string DayOfWeek(Random random) => random.Next(10) switch
    {
        < 5 => "*",
        5 => WeekdayNames[random.Next(7)],
        6 => Number(random, 0, 7),
        7 => Range(random, 0, 7),
        8 => "H",
        _ => $"*/{random.Next(2, 8)}",
    };

    private static string Hashed(Random random, int min, int max) => random.Next(3) switch
    {
        0 => "H",
        1 => $"H({Range(random, min, max)})",
        _ => $"H/{random.Next(Math.Max(2, max / 3), max)}",
    };

    private static string Number(Random random, int min, int max) => random.Next(min, max + 1).ToString(CultureInfo.InvariantCulture);

    private static string Range(Random random, int min, int max)
    {
        var from = random.Next(min, max);
        return $"{from}-{random.Next(from + 1, Math.Min(max, from + 6) + 1)}";
    }
}
