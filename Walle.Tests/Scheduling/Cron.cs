using System.Globalization;
using NUnit.Framework;
using Walle.Controller.Scheduling;

namespace Walle.Tests.Scheduling;

/// <summary>Short forms for the tests of this folder.</summary>
internal static class Cron
{
    public static readonly HashSeed Seed = new("shop", "nightly", HashSeed.Backup);

    public static CronSchedule Schedule(string expression, string? zone = null) =>
        CronSchedule.TryParse(expression, zone, Seed, out var schedule, out var problem) ? schedule : throw new AssertionException(problem);

    /// <summary>Null when it is accepted.</summary>
    public static string? Problem(string expression, string? zone = null, HashSeed? seed = null) => CronSchedule.TryParse(expression, zone, seed ?? Seed, out _, out var problem) ? null : problem;

    public static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>The ticks after, in UTC, as "03-31 01:00".</summary>
    public static string[] Ticks(string expression, string zone, string after, int count)
    {
        var (schedule, at, ticks) = (Schedule(expression, zone), Utc(after), new List<string>());
        while (ticks.Count < count && schedule.NextAfter(at) is { } tick)
        {
            ticks.Add(tick.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture));
            at = tick;
        }

        return [.. ticks];
    }
}
