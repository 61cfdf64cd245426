using System.Text.RegularExpressions;
using CsCheck;
using NUnit.Framework;
using Walle.Controller.Scheduling;
using Walle.Crds.Schema;

namespace Walle.Tests.Scheduling;

/// <summary>What is read, what is refused and what the user is told.</summary>
internal sealed class CronExpressionTests
{
    [TestCase("60 * * * *", "spec.schedule: minute: '60' is not read; write 0-59")]
    [TestCase("0 24 * * *", "spec.schedule: hour: '24' is not read; write 0-23")]
    [TestCase("0 0 0 * *", "spec.schedule: day of month: '0' is not read; write 1-31")]
    [TestCase("0 0 * 13 *", "spec.schedule: month: '13' is not read; write 1-12 or jan-dec")]
    [TestCase("0 0 * * 8", "spec.schedule: day of week: '8' is not read; write 0-7 or sun-sat")]
    [TestCase("0 0 * * monday", "spec.schedule: day of week: 'monday' is not read; write 0-7 or sun-sat")]
    [TestCase("0 0 L * *", "spec.schedule: day of month: 'L' is not read; write 1-31")]
    [TestCase("1,,2 * * * *", "spec.schedule: minute: '' is an empty item of a list; remove the comma")]
    [TestCase("*/0 * * * *", "spec.schedule: minute: '*/0' has a step that is not 1-60")]
    [TestCase("*/90 * * * *", "spec.schedule: minute: '*/90' has a step that is not 1-60")]
    [TestCase("*/99999999999 * * * *", "spec.schedule: minute: '*/99999999999' has a step that is not 1-60")]
    [TestCase("0 22-4 * * *", "spec.schedule: hour: '22-4' runs backwards; write two ranges: 22-23,0-4")]
    [TestCase("0 0 * * sat-mon", "spec.schedule: day of week: 'sat-mon' runs backwards; write two ranges: sat-6,0-mon")]
    [TestCase("H(10-5) * * * *", "spec.schedule: minute: 'H(10-5)' runs backwards; write two ranges: 10-59,0-5")]
    [TestCase("H(10) * * * *", "spec.schedule: minute: 'H(10)' is not read; write H, H/n, H(a-b) or H(a-b)/n")]
    [TestCase("H(0-9)/20 * * * *", "spec.schedule: minute: 'H(0-9)/20' has a step above 10, the number of values to choose from")]
    [TestCase("0 0 H/30 * *", "spec.schedule: day of month: 'H/30' has a step above 28, the number of values to choose from")]
    [TestCase("0 0 31 2 *", "spec.schedule: day of month: '31' does not exist in month '2', so it would never run; choose a day that the month has")]
    [TestCase("0 0 30 feb *", "spec.schedule: day of month: '30' does not exist in month 'feb', so it would never run; choose a day that the month has")]
    [TestCase("0 0 30 2 */2", "spec.schedule: day of month: '30' does not exist in month '2', so it would never run; choose a day that the month has")]
    [TestCase("0 2 * *", "spec.schedule: '0 2 * *' has 4 fields; write five: minute, hour, day of month, month, day of week")]
    [TestCase("@reboot", "spec.schedule: '@reboot' is not known; write @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually")]
    [TestCase(" 0 2 * * *", "spec.schedule: ' 0 2 * * *' is not written as a schedule; write five fields with spaces between them and nowhere else")]
    public void WhatCannotBeRead_IsNamedWithTheFix(string expression, string problem) => Assert.That(Cron.Problem(expression), Is.EqualTo(problem));

    [TestCase(HashSeed.Prune, "spec.prune.schedule: minute")]
    [TestCase(HashSeed.Check, "spec.check.schedule: minute")]
    public void Problem_BeginsWithTheFieldOfTheSpec(string purpose, string start) =>
        Assert.That(Cron.Problem("x * * * *", seed: new HashSeed("shop", "nightly", purpose)), Does.StartWith(start));

    [TestCase("@hourly", "0 * * * *")]
    [TestCase("@daily", "0 0 * * *")]
    [TestCase("@midnight", "0 0 * * *")]
    [TestCase("@weekly", "0 0 * * 0")]
    [TestCase("@monthly", "0 0 1 * *")]
    [TestCase("@yearly", "0 0 1 1 *")]
    [TestCase("@annually", "0 0 1 1 *")]
    [TestCase("0 0 * * 5-7", "0 0 * * 0,5,6")]
    [TestCase("0 0 * * fri-sun", "0 0 * * 0,5,6")]
    [TestCase("0 0 * * 7", "0 0 * * sun")]
    [TestCase("0 0 * * 1/2", "0 0 * * 1,3,5")]
    [TestCase("10/20 * * * *", "10,30,50 * * * *")]
    [TestCase("H/1 * * * *", "* * * * *")]
    [TestCase("0 0 30 2 1", "0 0 * 2 1")]
    public void Spelling_MeansTheSame(string expression, string same) =>
        Assert.That(Cron.Ticks(expression, "UTC", "2024-01-15T00:00Z", 60), Is.EqualTo(Cron.Ticks(same, "UTC", "2024-01-15T00:00Z", 60)));

    [TestCase("0 0 13 * 5", "09-13 00:00", "09-20 00:00", "09-27 00:00", "10-04 00:00", "10-11 00:00", "10-13 00:00", TestName = "BothDaysRestricted_EitherIsEnough")]
    [TestCase("0 0 */2 * 1", "09-09 00:00", "09-23 00:00", "10-07 00:00", "10-21 00:00", "11-11 00:00", "11-25 00:00", TestName = "DayBeginsWithStar_BothMustHold")]
    [TestCase("0 0 13 * */2", "10-13 00:00", "02-13 00:00", "03-13 00:00", "04-13 00:00", "05-13 00:00", "07-13 00:00", TestName = "WeekdayBeginsWithStar_BothMustHold")]
    public void Days(string expression, params string[] ticks) => Assert.That(Cron.Ticks(expression, "UTC", "2024-09-07T00:00Z", ticks.Length), Is.EqualTo(ticks));

    [Test]
    public void LeapDay_ComesEveryFourYears_AndNotIn2100()
    {
        var schedule = Cron.Schedule("0 0 29 2 *", "Europe/Berlin");
        Assert.That(schedule.NextAfter(Cron.Utc("2024-03-01T00:00Z")), Is.EqualTo(Cron.Utc("2028-02-28T23:00Z")));
        Assert.That(schedule.NextAfter(Cron.Utc("2096-03-01T00:00Z")), Is.EqualTo(Cron.Utc("2104-02-28T23:00Z")));
        Assert.That(Cron.Schedule("0 0 29 2 */7").NextAfter(Cron.Utc("2088-03-01T00:00Z")), Is.EqualTo(Cron.Utc("2128-02-29T00:00Z")), "40 years");
    }

    [Test]
    public void EndOfTheCalendar_IsNever()
    {
        var schedule = Cron.Schedule("0 0 * * *", "Europe/Berlin");
        Assert.That(schedule.NextAfter(DateTimeOffset.MaxValue), Is.Null);
        Assert.That(schedule.NextAfter(DateTimeOffset.MinValue), Is.LessThan(Cron.Utc("0003-01-01T00:00Z")));
    }

    [Test]
    public void WhatThePatternRefuses_TheParserRefuses_AndNothingThrows()
    {
        var pattern = new Regex(Patterns.Schedule, RegexOptions.CultureInvariant);
        string[] parts = ["0", "7", "59", "60", "*", "*/5", "H", "H/2", "H(1-5)", "h", "H(", "1-5", "5-1", "1,2", ",", "mon", "JAN", "fri-sun", "?", "L", "-", "/", "\t", "\n", "", " ", "@daily", "@annually", "ä", "999999999999"];
        string[] spaces = [" ", " ", " ", "  ", "\t", ""];
        var accepted = 0;
        Gen.Select(Gen.Int[0, parts.Length - 1].Array[5, 6], Gen.Int[0, spaces.Length - 1]).Sample(
            (fields, space) =>
            {
                var text = string.Join(spaces[space], fields.Select(field => parts[field]));
                var problem = Cron.Problem(text);
                if (problem is null)
                    Interlocked.Increment(ref accepted);
                return problem is not null || pattern.IsMatch(text);
            },
            iter: 50_000);
        Assert.That(accepted, Is.GreaterThan(50));
    }

    [Test]
    public void WhatIsReadInTheDifferentialTest_ThePatternAccepts() =>
        Assert.That(ScannedExpressions.All().Where(text => !Regex.IsMatch(text, Patterns.Schedule)), Is.Empty);
}
