using System.Diagnostics.CodeAnalysis;

namespace Walle.Controller.Scheduling;

/// <summary>
/// When: a cron expression in a time zone. Its ticks are whole minutes, asked for and told in UTC. Where clocks change:
/// <list type="bullet">
/// <item>A local time that does not exist runs at the jump; several of them, and a tick at the jump itself, are one.</item>
/// <item>A local time that exists twice runs once, the first time; a schedule whose hour begins with * or is H/n runs both times, as it goes
/// by the time that has passed (the rule of Vixie cron), and a backup each hour should not leave out an hour.</item>
/// </list>
/// Source: https://github.com/vixie/cron/blob/master/crontab.5 and cron.c; the differential test has the same rules once more, written plainly.
/// Thread-safe.
/// </summary>
internal sealed class CronSchedule
{
    private const string DefaultTimeZone = "UTC";
    private const long Day = 24 * 60;

    /// <summary>No zone is further from UTC, and none moves by more: Samoa left out one day.</summary>
    private const long LongestRepeat = 26 * 60;

    /// <summary>TimeZoneInfo and NCrontab know no year after 9999, and offsets need some room.</summary>
    private static readonly long LastMinute = Minutes(new DateTimeOffset(9990, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly long FirstMinute = Minutes(new DateTimeOffset(2, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly LocalTicks _ticks;
    private readonly ZoneOffsets _zone;
    private readonly bool _isInterval;

    private CronSchedule(CronExpression expression, ZoneOffsets zone) => (_ticks, _isInterval, _zone) = (expression.Ticks, expression.IsInterval, zone);

    /// <param name="timeZone">IANA name; null is UTC.</param>
    /// <param name="seed">Makes H.</param>
    /// <param name="problem">For the user: where in the spec, which field, the wrong text and what to write instead.</param>
    public static bool TryParse(string expression, string? timeZone, HashSeed seed, [NotNullWhen(true)] out CronSchedule? schedule, [NotNullWhen(false)] out string? problem)
    {
        schedule = null;
        (var parsed, problem) = CronExpression.Parse(expression, seed);
        if (parsed is null)
        {
            problem = $"{seed.SpecPath}: {problem}";
            return false;
        }

        if (ZoneOffsets.Find(timeZone ?? DefaultTimeZone) is not { } zone)
        {
            problem = $"spec.timeZone: '{timeZone}' is not a time zone that is known here; write an IANA name such as Europe/Berlin, or UTC";
            return false;
        }

        schedule = new CronSchedule(parsed, zone);
        problem = null;
        return true;
    }

    /// <summary>The first tick after. Null: none before the year 9990.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset instant) => NextAfter(Minutes(instant)) is { } minute ? Instant(minute) : null;

    /// <summary>
    /// The last tick with <paramref name="after"/> &lt; tick &lt;= <paramref name="instant"/>, null when there is none. It looks back in windows
    /// that double, so the price does not depend on how many ticks lie between.
    /// </summary>
    public DateTimeOffset? LatestAtOrBefore(DateTimeOffset instant, DateTimeOffset after)
    {
        var (low, high) = (Minutes(after), Minutes(instant));
        long? latest = null;
        for (var window = 1L; latest is null; window *= 2)
        {
            var start = Math.Max(low, high - window);
            if (NextAfter(start) is { } tick && tick <= high)
                latest = tick;
            else if (start == low)
                return null;
        }

        // A tick is at latest, and none after high: halve what lies between.
        var (found, none) = (latest.Value, high);
        while (found < none)
        {
            var middle = found + ((none - found) / 2);
            if (NextAfter(middle) is { } tick && tick <= none)
                found = tick;
            else
                none = middle;
        }

        return Instant(found);
    }

    /// <summary>How many ticks with <paramref name="after"/> &lt; tick &lt;= <paramref name="instant"/>, at most <paramref name="limit"/>.</summary>
    public int CountBetween(DateTimeOffset after, DateTimeOffset instant, int limit)
    {
        var (at, end, count) = (Minutes(after), Minutes(instant), 0);
        while (count < limit && NextAfter(at) is { } tick && tick <= end)
            (at, count) = (tick, count + 1);
        return count;
    }

    private long? NextAfter(long after)
    {
        var at = Math.Max(after + 1, FirstMinute);
        if (at >= LastMinute)
            return null;
        var segment = _zone.At(at);
        var tick = _ticks.NextAfter(PassedBefore(at, segment));
        while (tick is { } local && local < LastMinute)
        {
            // No local time before that tick is one: what clocks did long before it does not matter, but for those about to show again what is over.
            if (local - at > 3 * Day && (!_isInterval || segment.End - at > LongestRepeat))
            {
                at = local - (2 * Day);
                segment = _zone.At(at);
            }

            // Already passed on the clock: it was in the gap that ends here.
            var minute = Math.Max(at, local - segment.Offset);
            if (minute < segment.End)
                return minute;
            var next = _zone.At(segment.End);
            if (_isInterval && next.Offset < segment.Offset)
                tick = _ticks.NextAfter(next.ToLocal(segment.End) - 1);
            (at, segment) = (segment.End, next);
        }

        return null;
    }

    /// <summary>The local minute whose ticks, and all earlier ones, are over before <paramref name="at"/>.</summary>
    private long PassedBefore(long at, ZoneSegment segment)
    {
        if (at - segment.Start >= LongestRepeat)
            return segment.ToLocal(at) - 1;
        if (_isInterval)
            return at == segment.Start ? Math.Min(_zone.At(at - 1).ToLocal(at), segment.ToLocal(at)) - 1 : segment.ToLocal(at) - 1;

        // The furthest that the clock has shown.
        var before = at == segment.Start ? _zone.At(at - 1) : segment;
        var passed = before.ToLocal(at) - 1;
        while (at - before.Start < LongestRepeat)
        {
            var end = before.Start;
            before = _zone.At(end - 1);
            passed = Math.Max(passed, before.ToLocal(end) - 1);
        }

        return passed;
    }

    private static long Minutes(DateTimeOffset instant) => instant.UtcTicks / TimeSpan.TicksPerMinute;

    private static DateTimeOffset Instant(long minute) => new(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}
