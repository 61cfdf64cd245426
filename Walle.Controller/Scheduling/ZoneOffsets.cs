using System.Collections.Concurrent;
using System.Security;
using System.Text.RegularExpressions;
using Walle.Crds.Schema;

namespace Walle.Controller.Scheduling;

/// <summary>
/// A time zone as a row of <see cref="ZoneSegment"/>s, which TimeZoneInfo does not tell. Read a year at a time, when first asked for, and shared
/// by all schedules of the zone. Segments end at least where years do, so a boundary is not always a change of the offset.
/// </summary>
internal sealed partial class ZoneOffsets
{
    /// <summary>No zone changes its offset twice within this.</summary>
    private const long SampleMinutes = 12 * 60;

    private static readonly ConcurrentDictionary<string, ZoneOffsets> Zones = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<int, ZoneSegment[]> _years = new();
    private readonly TimeZoneInfo _zone;
    private ZoneSegment _latest;

    private ZoneOffsets(TimeZoneInfo zone)
    {
        _zone = zone;
        _latest = Read(1970)[0];
    }

    /// <summary>
    /// By IANA name. Null when there is none of that name, and for names of Windows, "Local" and "": what they mean would depend on the machine.
    /// </summary>
    public static ZoneOffsets? Find(string id)
    {
        if (Zones.TryGetValue(id, out var known))
            return known;
        if (!Form().IsMatch(id) || Read(id) is not { } zone)
            return null;
        return Zones.GetOrAdd(id, new ZoneOffsets(zone));
    }

    /// <param name="minute">Since 0001-01-01 in UTC.</param>
    public ZoneSegment At(long minute)
    {
        var latest = _latest;
        if (latest.Contains(minute))
            return latest;
        var segments = _years.GetOrAdd(new DateTime(minute * TimeSpan.TicksPerMinute).Year, Read);
        foreach (var segment in segments)
        {
            if (segment.Contains(minute))
                return _latest = segment;
        }

        throw new InvalidOperationException($"minute {minute} is not in its year");
    }

    private ZoneSegment[] Read(int year)
    {
        var segments = new List<ZoneSegment>();
        var start = new DateTime(year, 1, 1).Ticks / TimeSpan.TicksPerMinute;
        var end = start + (DateTime.IsLeapYear(year) ? 366 : 365) * 24L * 60;
        var offset = OffsetAt(start);
        for (var sampled = start; sampled < end;)
        {
            var next = Math.Min(sampled + SampleMinutes, end - 1);
            if (next == sampled)
                break;
            if (OffsetAt(next) != offset)
            {
                next = FirstOther(sampled, next, offset);
                segments.Add(new ZoneSegment(start, next, offset));
                (start, offset) = (next, OffsetAt(next));
            }

            sampled = next;
        }

        segments.Add(new ZoneSegment(start, end, offset));
        return [.. segments];
    }

    /// <summary>The first minute after <paramref name="same"/>, and not after <paramref name="other"/>, with another offset.</summary>
    private long FirstOther(long same, long other, int offset)
    {
        while (other - same > 1)
        {
            var middle = same + ((other - same) / 2);
            if (OffsetAt(middle) == offset)
                same = middle;
            else
                other = middle;
        }

        return other;
    }

    private int OffsetAt(long minute) => (int)_zone.GetUtcOffset(new DateTime(minute * TimeSpan.TicksPerMinute, DateTimeKind.Utc)).TotalMinutes;

    private static TimeZoneInfo? Read(string id)
    {
        try
        {
            return TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException or InvalidTimeZoneException)
        {
            // A name that is a folder of the time zone database: America/Indiana.
            return null;
        }
    }

    [GeneratedRegex(Patterns.TimeZone)]
    private static partial Regex Form();
}
