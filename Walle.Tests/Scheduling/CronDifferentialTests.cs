using NUnit.Framework;
using Walle.Controller.Scheduling;

namespace Walle.Tests.Scheduling;

/// <summary>The product against a scanner of minutes that shares no code with it: the same ticks, none more and none less.</summary>
internal sealed class CronDifferentialTests
{
    private const int Years = 4;
    private const int Expressions = 500;
    private static readonly HashSeed Seed = new("shop", "nightly", HashSeed.Backup);

    private static IEnumerable<TestCaseData> Zones() => ScannedZones.All.Select(zone => new TestCaseData(zone.Id, zone.Year).SetArgDisplayNames(zone.Id));

    [TestCaseSource(nameof(Zones))]
    public void TicksOfFourYears_AreThoseOfTheScanner(string zone, int year)
    {
        var (from, to) = (new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(year + Years, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var scanner = new MinuteScanner(TimeZoneInfo.FindSystemTimeZoneById(zone), from, to);
        var compared = 0;
        foreach (var text in ScannedExpressions.All())
        {
            if (!CronSchedule.TryParse(text, zone, Seed, out var schedule, out var problem))
            {
                Assert.That(problem, Does.Contain("would never run"), text);
                continue;
            }

            compared++;
            var at = new DateTimeOffset(from).AddMinutes(-1);
            foreach (var expected in scanner.Ticks(new ScannedExpression(text, "shop/nightly/backup")))
            {
                var actual = schedule.NextAfter(at);
                if (actual is null || actual.Value.UtcTicks != expected.Ticks)
                    Assert.Fail($"{text}: {actual:u} instead of {expected:u}, after {at:u}");
                at = new DateTimeOffset(expected);
            }

            if (schedule.NextAfter(at) < to)
                Assert.Fail($"{text}: {schedule.NextAfter(at):u} too many, after {at:u}");
        }

        Assert.That(compared, Is.GreaterThanOrEqualTo(Expressions));
    }

    [Test]
    public void Zones_AreAtLeastTwenty_AndAllButTwoHaveGapsOrRepeats()
    {
        var steady = ScannedZones.All.Where(zone =>
        {
            var from = new DateTime(zone.Year, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            return new MinuteScanner(TimeZoneInfo.FindSystemTimeZoneById(zone.Id), from, from.AddYears(Years)).Irregular == (0, 0);
        }).Select(zone => zone.Id);
        Assert.Multiple(() =>
        {
            Assert.That(ScannedZones.All, Has.Count.GreaterThanOrEqualTo(20));
            Assert.That(steady, Is.EqualTo(new[] { "UTC", "Asia/Kathmandu" }));
        });
    }
}
