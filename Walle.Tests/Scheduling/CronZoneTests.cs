using NUnit.Framework;
using Walle.Controller.Scheduling;

namespace Walle.Tests.Scheduling;

/// <summary>What a schedule does when clocks change, zone by zone, with the times written out.</summary>
internal sealed class CronZoneTests
{
    [TestCase("30 2 * * *", "03-31 01:00", "04-01 00:30", TestName = "LocalTimeInTheGap_RunsAtTheJump")]
    [TestCase("0,15,30 2 * * *", "03-31 01:00", "04-01 00:00", TestName = "SeveralInTheGap_RunOnce")]
    [TestCase("30 2,3 * * *", "03-31 01:00", "03-31 01:30", TestName = "InTheGapAndAfterIt_RunBoth")]
    [TestCase("0 2,3 * * *", "03-31 01:00", "04-01 00:00", TestName = "InTheGapAndAtTheJump_RunOnce")]
    [TestCase("*/20 * * * *", "03-31 00:00", "03-31 00:20", TestName = "BeforeTheGap_AsEver")]
    public void Berlin_ClocksForward(string expression, string first, string second) =>
        Assert.That(Cron.Ticks(expression, "Europe/Berlin", "2024-03-30T23:59Z", 2), Is.EqualTo(new[] { first, second }));

    [TestCase("30 2 * * *", "10-27 00:30", "10-28 01:30", "10-29 01:30", TestName = "LocalTimeThatIsThereTwice_RunsTheFirstTime")]
    [TestCase("0 3 * * *", "10-27 02:00", "10-28 02:00", "10-29 02:00", TestName = "AfterTheRepeat_AsEver")]
    [TestCase("30 * * * *", "10-27 00:30", "10-27 01:30", "10-27 02:30", TestName = "ByTheHour_RunsBothTimes")]
    [TestCase("30 H/1 * * *", "10-27 00:30", "10-27 01:30", "10-27 02:30", TestName = "ByTheHourWithH_RunsBothTimes")]
    [TestCase("30 0-23 * * *", "10-27 00:30", "10-27 02:30", "10-27 03:30", TestName = "HoursWrittenOut_RunTheFirstTime")]
    [TestCase("*/30 2 * * *", "10-27 00:00", "10-27 00:30", "10-28 01:00", TestName = "MinutesOfOneHour_RunTheFirstTime")]
    public void Berlin_ClocksBack(string expression, params string[] ticks) =>
        Assert.That(Cron.Ticks(expression, "Europe/Berlin", "2024-10-26T23:59Z", 3), Is.EqualTo(ticks));

    [TestCase("Australia/Lord_Howe", "15 2 * * *", "2024-10-05T00:00Z", new[] { "10-05 15:30", "10-06 15:15" }, TestName = "GapOfHalfAnHour")]
    [TestCase("Australia/Lord_Howe", "45 1 * * *", "2024-04-06T00:00Z", new[] { "04-06 14:45", "04-07 15:15" }, TestName = "RepeatOfHalfAnHour")]
    [TestCase("Africa/Cairo", "0 0 * * *", "2024-04-25T00:00Z", new[] { "04-25 22:00", "04-26 21:00" }, TestName = "NoMidnight_Cairo")]
    [TestCase("America/Asuncion", "30 0 * * *", "2023-09-30T12:00Z", new[] { "10-01 04:00", "10-02 03:30" }, TestName = "NoMidnight_Asuncion")]
    [TestCase("Africa/Cairo", "30 23 * * *", "2024-10-31T12:00Z", new[] { "10-31 20:30", "11-01 21:30" }, TestName = "TheDayEndsTwice_Cairo")]
    [TestCase("Africa/Cairo", "30 * 31 10 *", "2024-10-31T20:00Z", new[] { "10-31 20:30", "10-31 21:30" }, TestName = "TheDayEndsTwice_ByTheHour")]
    [TestCase("Pacific/Apia", "0 12 * * *", "2011-12-29T12:00Z", new[] { "12-29 22:00", "12-30 10:00", "12-30 22:00" }, TestName = "DayThatDidNotExist_RunsAtTheJump")]
    [TestCase("Pacific/Apia", "0 12 30 12 *", "2011-01-01T00:00Z", new[] { "12-30 10:00", "12-29 22:00" }, TestName = "DateThatDidNotExist_RunsAtTheJump")]
    [TestCase("America/Caracas", "15 0 * * *", "2016-04-30T12:00Z", new[] { "05-01 04:45", "05-02 04:15" }, TestName = "BaseOffsetByHalfAnHour")]
    [TestCase("Europe/Istanbul", "30 3 * * *", "2016-03-26T12:00Z", new[] { "03-27 01:00", "03-28 00:30" }, TestName = "LastSummerTimeThatStayed")]
    [TestCase("Asia/Pyongyang", "45 23 * * *", "2018-05-04T00:00Z", new[] { "05-04 15:00", "05-05 14:45" }, TestName = "HalfAnHourForwardForEver")]
    public void Changes(string zone, string expression, string after, string[] ticks) =>
        Assert.That(Cron.Ticks(expression, zone, after, ticks.Length), Is.EqualTo(ticks));

    [TestCase("Europe/Dublin", "2024", "03-31 01:00 +60, 10-27 01:00 +0")]
    [TestCase("Africa/Casablanca", "2024", "03-10 02:00 +0, 04-14 02:00 +60")]
    [TestCase("Australia/Lord_Howe", "2024", "04-06 15:00 +630, 10-05 15:30 +660")]
    [TestCase("Pacific/Apia", "2011", "04-02 14:00 -660, 09-24 14:00 -600, 12-30 10:00 +840")]
    [TestCase("America/Havana", "2024", "03-10 05:00 -240, 11-03 05:00 -300")]
    [TestCase("Europe/Volgograd", "2018", "10-27 23:00 +240")]
    [TestCase("UTC", "2024", "")]
    public void Offsets_AreThoseOfZdump(string zone, string year, string expected)
    {
        var offsets = ZoneOffsets.Find(zone)!;
        var (at, end) = (Cron.Utc($"{year}-01-01T00:00Z").Ticks / TimeSpan.TicksPerMinute, Cron.Utc($"{year}-12-31T00:00Z").Ticks / TimeSpan.TicksPerMinute);
        var changes = new List<string>();
        for (var segment = offsets.At(at); segment.End < end; segment = offsets.At(segment.End))
            changes.Add(FormattableString.Invariant($"{new DateTime(segment.End * TimeSpan.TicksPerMinute):MM-dd HH:mm} {offsets.At(segment.End).Offset:+0;-0;+0}"));
        Assert.That(string.Join(", ", changes), Is.EqualTo(expected));
    }

    [TestCase("Europe/Atlantis")]
    [TestCase("Europe/berlin")]
    [TestCase("America/Indiana", TestName = "FolderOfZones")]
    [TestCase("W. Europe Standard Time", TestName = "NameOfWindows")]
    [TestCase("Local")]
    [TestCase("")]
    [TestCase("../etc/passwd")]
    [TestCase("Europe/Berlin\n")]
    public void UnknownZone_IsRefusedByName(string zone) =>
        Assert.That(Cron.Problem("0 2 * * *", zone), Does.StartWith($"spec.timeZone: '{zone}' is not a time zone that is known here; write"));

    [TestCase(null)]
    [TestCase("UTC")]
    [TestCase("GMT")]
    [TestCase("Etc/UTC")]
    [TestCase("America/Argentina/Buenos_Aires")]
    [TestCase("Etc/GMT+5")]
    public void KnownZone_IsAccepted(string? zone) => Assert.That(Cron.Problem("0 2 * * *", zone), Is.Null);
}
