using NCrontab;

namespace Walle.Controller.Scheduling;

/// <summary>
/// The five fields without a time zone: which minutes of a calendar. Days are as in Vixie cron: when both the day of the month and the day of
/// the week are restricted, either is enough; a field that begins with * (so <c>*/2</c> too) restricts nothing in this sense, and both must hold.
/// NCrontab knows the second kind alone, so the first is two of its schedules.
/// </summary>
internal sealed class LocalTicks
{
    private readonly CrontabSchedule _first;
    private readonly CrontabSchedule? _second;

    private LocalTicks(CrontabSchedule first, CrontabSchedule? second) => (_first, _second) = (first, second);

    /// <param name="fields">The bits of minute, hour, day of month, month and day of week.</param>
    public static LocalTicks Of(IReadOnlyList<ulong> fields, bool eitherDay)
    {
        string[] words =
        [
            Words(CronField.Minute, fields[0]), Words(CronField.Hour, fields[1]), Words(CronField.DayOfMonth, fields[2]),
            Words(CronField.Month, fields[3]), Words(CronField.DayOfWeek, fields[4]),
        ];
        if (!eitherDay)
            return new LocalTicks(CrontabSchedule.Parse(string.Join(' ', words)), null);
        var byWeekday = CrontabSchedule.Parse($"{words[0]} {words[1]} * {words[3]} {words[4]}");
        // 30 February or a day that is every day: the one schedule is enough.
        return HasDate(fields) && words[4] != "*"
            ? new LocalTicks(CrontabSchedule.Parse($"{words[0]} {words[1]} {words[2]} {words[3]} *"), byWeekday)
            : new LocalTicks(byWeekday, null);
    }

    /// <summary>Whether one of the months has one of the days, in a leap year at least.</summary>
    public static bool HasDate(IReadOnlyList<ulong> fields)
    {
        for (var month = 1; month <= 12; month++)
        {
            // Any leap year.
            var days = ((1UL << DateTime.DaysInMonth(2000, month)) - 1) << 1;
            if ((fields[3] & (1UL << month)) != 0 && (fields[2] & days) != 0)
                return true;
        }

        return false;
    }

    /// <summary>The first after, both in minutes of the calendar since 0001-01-01. Null at the calendar's end.</summary>
    public long? NextAfter(long minute)
    {
        var from = new DateTime(minute * TimeSpan.TicksPerMinute);
        var next = _first.GetNextOccurrence(from);
        // What NCrontab answers for "none".
        if (_second is not null && _second.GetNextOccurrence(from) is var other && other < next)
            next = other;
        return next == DateTime.MaxValue ? null : next.Ticks / TimeSpan.TicksPerMinute;
    }

    /// <summary>As NCrontab reads it, without names, steps and H.</summary>
    private static string Words(CronField field, ulong bits)
    {
        var values = Enumerable.Range(field.Min, field.Size).Where(value => (bits & (1UL << value)) != 0).ToList();
        return values.Count == field.Size ? "*" : string.Join(',', values);
    }
}
