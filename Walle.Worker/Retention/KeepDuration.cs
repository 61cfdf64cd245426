using System.Globalization;

namespace Walle.Worker.Retention;

/// <summary>A duration as restic writes it: 1y2m14d6h, in any order, each unit at most once.</summary>
internal sealed record KeepDuration(int Years, int Months, int Days, int Hours)
{
    /// <returns>Null when it is malformed, or of no length.</returns>
    public static KeepDuration? Parse(string text)
    {
        int? years = null, months = null, days = null, hours = null;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
                continue;
            if (i - start is 0 or > 5 || !int.TryParse(text.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return null;
            start = i + 1;
            switch (text[i])
            {
                case 'y' when years is null: years = number; break;
                case 'm' when months is null: months = number; break;
                case 'd' when days is null: days = number; break;
                case 'h' when hours is null: hours = number; break;
                default: return null;
            }
        }
        var duration = new KeepDuration(years ?? 0, months ?? 0, days ?? 0, hours ?? 0);
        return start == text.Length && duration is not (0, 0, 0, 0) ? duration : null;
    }

    /// <summary>
    /// As Go's AddDate: a day that the month does not have runs over into the next one (31 March less a month is 3 March), where .NET would stop at its end.
    /// </summary>
    public DateTimeOffset Before(DateTimeOffset time)
    {
        var month = (time.Year * 12L) + (time.Month - 1) - (Years * 12L) - Months;
        if (month < 12 * 2)
            return DateTimeOffset.MinValue;
        var first = new DateTimeOffset((int)(month / 12), (int)(month % 12) + 1, 1, 0, 0, 0, time.Offset);
        var back = TimeSpan.FromDays(time.Day - 1 - Days) + time.TimeOfDay - TimeSpan.FromHours(Hours);
        var ticks = first.Ticks + back.Ticks;
        return ticks < TimeSpan.TicksPerDay ? DateTimeOffset.MinValue : new DateTimeOffset(ticks, time.Offset);
    }
}
