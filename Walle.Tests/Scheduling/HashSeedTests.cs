using System.Globalization;
using NUnit.Framework;
using Walle.Controller.Scheduling;

namespace Walle.Tests.Scheduling;

/// <summary>H must be the same in every version: the numbers here are never to change.</summary>
internal sealed class HashSeedTests
{
    [TestCase("shop", "nightly", HashSeed.Backup, "H H H H H")]
    [TestCase("shop", "nightly", HashSeed.Prune, "H H H H H")]
    [TestCase("shop", "nightly", HashSeed.Check, "H H H H H")]
    [TestCase("shop", "hourly", HashSeed.Backup, "H H H H H")]
    [TestCase("blog", "nightly", HashSeed.Backup, "H(10-19) H/6 H(1-7) H/3 H(1-5)")]
    public void Hash_IsWhatItAlwaysWas(string ns, string name, string purpose, string expression)
    {
        var seed = new HashSeed(ns, name, purpose);
        CronField[] fields = [CronField.Minute, CronField.Hour, CronField.DayOfMonth, CronField.Month, CronField.DayOfWeek];
        var values = expression.Split(' ').Zip(fields, (text, field) =>
        {
            var bits = CronFieldParser.Parse(field, text, seed).Bits;
            return string.Join(',', Enumerable.Range(0, 60).Where(value => (bits & (1UL << value)) != 0).Select(value => value.ToString(CultureInfo.InvariantCulture)));
        });
        Assert.That(string.Join(' ', values), Is.EqualTo(Golden[$"{ns}/{name}/{purpose}"]));
    }

    private static readonly Dictionary<string, string> Golden = new()
    {
        ["shop/nightly/backup"] = "15 12 3 3 1",
        ["shop/nightly/prune"] = "52 12 1 8 2",
        ["shop/nightly/check"] = "47 15 6 6 3",
        ["shop/hourly/backup"] = "50 16 4 9 4",
        ["blog/nightly/backup"] = "12 4,10,16,22 5 1,4,7,10 3",
    };

    [Test]
    public void Hash_SpreadsEvenlyOverTheDay()
    {
        var slots = new int[24 * 60];
        for (var i = 0; i < 28_800; i++)
        {
            var seed = new HashSeed("team-" + (i % 40), "schedule-" + i, HashSeed.Backup);
            slots[(seed.Pick("hour", 24) * 60) + seed.Pick("minute", 60)]++;
        }

        // 20 each on average; by chance alone none is empty, and none has twice as many and more.
        Assert.That(slots, Has.All.InRange(3, 44));
    }
}
