using NUnit.Framework;

namespace Walle.Tests.Scheduling;

/// <summary>Looking back, counting, and what holds for every schedule.</summary>
internal sealed class CronScheduleTests
{
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia"];

    [Test]
    public void Latest_IsThatOfTheScanner_AndNextIsAlwaysLater()
    {
        var random = new Random(7);
        var from = new DateTime(2011, 6, 1, 0, 0, 0, DateTimeKind.Utc);
        var minutes = 365 * 24 * 60;
        foreach (var zone in Zones)
        {
            var scanner = new MinuteScanner(TimeZoneInfo.FindSystemTimeZoneById(zone), from, from.AddMinutes(minutes));
            foreach (var text in ScannedExpressions.All().Take(200))
            {
                var (schedule, ticks) = (Cron.Schedule(text, zone), scanner.Ticks(new ScannedExpression(text, "shop/nightly/backup")).ToList());
                for (var i = 0; i < 20; i++)
                {
                    var now = new DateTimeOffset(from.AddSeconds(random.Next(minutes * 60)));
                    var after = now.AddMinutes(-Math.Pow(10, random.NextDouble() * 5.5));
                    if (after < from)
                        after = from;
                    var index = ticks.FindLastIndex(tick => tick <= now);
                    DateTimeOffset? expected = index >= 0 && ticks[index] > after ? ticks[index] : null;
                    var context = $"{text} in {zone}, ({after:O}, {now:O}]";
                    Assert.That(schedule.LatestAtOrBefore(now, after), Is.EqualTo(expected), context);
                    Assert.That(schedule.NextAfter(now), Is.GreaterThan(now), context);
                    Assert.That(schedule.CountBetween(after, now, 100), Is.EqualTo(Math.Min(100, ticks.Count(tick => tick > after && tick <= now))), context);
                }
            }
        }
    }

    [Test]
    public void Next_FromEachMinuteAroundAChange_IsThatOfTheScanner()
    {
        foreach (var zone in ScannedZones.All)
        {
            var from = new DateTime(zone.Year, 2, 1, 0, 0, 0, DateTimeKind.Utc);
            var scanner = new MinuteScanner(TimeZoneInfo.FindSystemTimeZoneById(zone.Id), from, from.AddYears(2));
            foreach (var text in ScannedExpressions.All().Take(60))
            {
                var (schedule, ticks) = (Cron.Schedule(text, zone.Id), scanner.Ticks(new ScannedExpression(text, "shop/nightly/backup")).ToList());
                foreach (var change in scanner.Changes.Take(4))
                {
                    for (var at = change.AddHours(-3); at < change.AddHours(3); at = at.AddMinutes(1))
                    {
                        var index = ticks.BinarySearch(at.AddTicks(1));
                        index = index < 0 ? ~index : index;
                        if (index < ticks.Count && schedule.NextAfter(at) != ticks[index])
                            Assert.Fail($"{text} in {zone.Id}, after {at:u}: {schedule.NextAfter(at):u} instead of {ticks[index]:u}");
                    }
                }
            }
        }
    }

    [Test]
    public void Latest_AfterTwentyYears_CostsNoMoreThanAfterADay()
    {
        var schedule = Cron.Schedule("* * * * *", "Europe/Berlin");
        var (now, latest) = (Cron.Utc("2044-06-01T12:00:30Z"), Cron.Utc("2044-06-01T12:00:00Z"));
        schedule.LatestAtOrBefore(now, now.AddDays(-1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(schedule.LatestAtOrBefore(now, now.AddYears(-20)), Is.EqualTo(latest));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000));
        Assert.That(schedule.CountBetween(now.AddYears(-20), now, 100), Is.EqualTo(100));
    }

    [Test]
    public void Latest_OfARareSchedule_LooksBackAllTheWay()
    {
        var schedule = Cron.Schedule("0 0 29 2 *");
        Assert.That(schedule.LatestAtOrBefore(Cron.Utc("2103-06-01T00:00Z"), Cron.Utc("2000-01-01T00:00Z")), Is.EqualTo(Cron.Utc("2096-02-29T00:00Z")));
        Assert.That(schedule.LatestAtOrBefore(Cron.Utc("2103-06-01T00:00Z"), Cron.Utc("2096-02-29T00:00Z")), Is.Null, "after is exclusive");
        Assert.That(schedule.LatestAtOrBefore(Cron.Utc("2096-02-29T00:00Z"), Cron.Utc("2096-02-28T23:59Z")), Is.EqualTo(Cron.Utc("2096-02-29T00:00Z")), "the instant is inclusive");
        Assert.That(schedule.LatestAtOrBefore(Cron.Utc("2024-01-01T00:00Z"), Cron.Utc("2025-01-01T00:00Z")), Is.Null, "backwards");
    }
}
