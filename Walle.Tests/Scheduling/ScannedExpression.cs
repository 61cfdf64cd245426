using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Walle.Tests.Scheduling;

/// <summary>A cron expression read once more, for the scanner: plain, slow, and with nothing of the product in it.</summary>
internal sealed partial class ScannedExpression
{
    private static readonly string[] FieldNames = ["minute", "hour", "day of month", "month", "day of week"];
    private static readonly string[] Months = ["", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly HashSet<int> _days;
    private readonly HashSet<int> _months;
    private readonly HashSet<int> _weekdays;
    private readonly bool _bothDays;

    /// <param name="owner">namespace/name/purpose: what H is made from.</param>
    public ScannedExpression(string text, string owner)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var minutes = Values(fields[0], 0, owner, 0, 59, 59, []);
        var hours = Values(fields[1], 1, owner, 0, 23, 23, []);
        _days = Values(fields[2], 2, owner, 1, 31, 28, []);
        _months = Values(fields[3], 3, owner, 1, 12, 12, Months);
        _weekdays = [.. Values(fields[4], 4, owner, 0, 7, 6, Weekdays).Select(day => day % 7)];
        _bothDays = fields[2][0] == '*' || fields[4][0] == '*';
        GoesByTheHour = fields[1][0] == '*' || fields[1].StartsWith("H/", StringComparison.Ordinal);
        MinutesOfDay = [.. Enumerable.Range(0, 24 * 60).Where(minute => hours.Contains(minute / 60) && minutes.Contains(minute % 60))];
    }

    /// <summary>Ascending.</summary>
    public int[] MinutesOfDay { get; }

    public bool GoesByTheHour { get; }

    public bool HasDay(DateOnly date)
    {
        var (day, weekday) = (_days.Contains(date.Day), _weekdays.Contains((int)date.DayOfWeek));
        return _months.Contains(date.Month) && (_bothDays ? day && weekday : day || weekday);
    }

    private static HashSet<int> Values(string field, int index, string owner, int first, int last, int hashLast, string[] names)
    {
        var values = new HashSet<int>();
        foreach (var item in field.Split(','))
        {
            var match = Item().Match(item);
            Assume(match.Success, item);
            var step = match.Groups["step"].Success ? int.Parse(match.Groups["step"].Value, CultureInfo.InvariantCulture) : 0;
            int Number(string group) => Array.IndexOf(names, match.Groups[group].Value.ToUpperInvariant()) is var i and >= 0 ? i : int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
            var from = match.Groups["from"].Success ? Number("from") : first;
            var hashed = item[0] == 'H';
            var to = match.Groups["to"].Success ? Number("to") : hashed ? hashLast : item[0] == '*' ? (index == 4 ? 6 : last) : step > 0 ? (index == 4 ? 6 : last) : from;
            if (index == 4 && to == 0 && from > 0)
                to = 7;
            if (hashed)
            {
                var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(owner + "/" + FieldNames[index])));
                from += (int)(ulong.Parse(hash[..16], NumberStyles.HexNumber, CultureInfo.InvariantCulture) % (ulong)(step > 0 ? step : to - from + 1));
                to = step > 0 ? to : from;
            }

            for (var value = from; value <= to; value++)
            {
                if ((value - from) % Math.Max(step, 1) == 0)
                    values.Add(value);
            }
        }

        return values;
    }

    private static void Assume(bool condition, string what)
    {
        if (!condition)
            throw new FormatException(what);
    }

    [GeneratedRegex(@"^(\*|H(\((?<from>\w+)-(?<to>\w+)\))?|(?<from>\w+)(-(?<to>\w+))?)(/(?<step>\d+))?$")]
    private static partial Regex Item();
}
