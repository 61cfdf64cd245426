using System.Globalization;
using System.Text.Json;
using NUnit.Framework;
using Walle.Tests.Worker.Restic;
using Walle.Worker.Restic;
using Walle.Worker.Retention;

namespace Walle.Tests.Worker.Retention;

/// <summary>Retention keeps what `restic forget` keeps, history by history: 1,200 generated ones under 40 generated policies.</summary>
[TestFixture]
public class RetentionAgainstResticTests : ResticFixture
{
    private const int Histories = 1200;
    private const int Policies = 40;
    private const int Seed = 20261120;
    private static readonly DateTimeOffset Newest = new(2026, 3, 30, 23, 30, 0, TimeSpan.Zero);

    [Test]
    public void What_is_kept_is_what_restic_keeps_for_any_history_and_policy()
    {
        using var repository = new GeneratedRepository();
        var random = new Random(Seed);
        for (var i = 0; i < Histories; i++)
            AddHistory(repository, random, $"/walle/shop/history-{i:0000}");
        var all = SnapshotList.Parse(System.Text.Encoding.UTF8.GetBytes(repository.Restic("snapshots --json")));
        var histories = all.GroupBy(snapshot => snapshot.Paths[0]).ToDictionary(history => history.Key, history => history.OrderByDescending(snapshot => snapshot.Time).ToList());
        Assert.That(histories, Has.Count.EqualTo(Histories));

        var (compared, kept, forgotten) = (0, 0, 0);
        for (var i = 0; i < Policies; i++)
        {
            var (policy, arguments) = Policy(random);
            using var answer = JsonDocument.Parse(repository.Restic($"forget --dry-run --json --no-lock --group-by host,paths {arguments}").Split('\n').First(line => line.StartsWith('[')));
            foreach (var group in answer.RootElement.EnumerateArray())
            {
                var path = group.GetProperty("paths")[0].GetString()!;
                var expected = group.GetProperty("keep").EnumerateArray().Select(snapshot => snapshot.GetProperty("id").GetString()!).ToHashSet();
                var actual = KeepRule.Keep(histories[path], policy, TimeProvider.System.GetUtcNow()).Keys;
                if (!expected.SetEquals(actual))
                    Assert.Fail($"{arguments}, {path}:\n{string.Join('\n', histories[path].Select(s => $"{s.Time:O} restic {(expected.Contains(s.Id) ? "keeps" : "forgets")} Walle {(actual.Contains(s.Id) ? "keeps" : "forgets")}"))}");
                compared++;
                kept += expected.Count;
                forgotten += histories[path].Count - expected.Count;
            }
        }
        TestContext.Out.WriteLine($"{compared} decisions compared: {kept} kept, {forgotten} forgotten");
        Assert.That(compared, Is.EqualTo(Histories * Policies));
        Assert.That(forgotten, Is.GreaterThan(Policies * Histories), "the policies must leave something out");
    }

    /// <summary>Hourly to yearly, with bursts and gaps, at the edges of months and ISO years, in several time zones, now and then in the future.</summary>
    private static void AddHistory(GeneratedRepository repository, Random random, string path)
    {
        var count = random.Next(1, 14);
        var step = new[] { 0.3, 1, 5, 24, 24, 24 * 7, 24 * 30, 24 * 365 }[random.Next(8)];
        var offset = TimeSpan.FromHours(new[] { 0, 0, 0, 1, -8, 13 }[random.Next(6)]);
        var time = Newest.AddDays(-random.Next(0, 100)).AddYears(random.Next(25) == 0 ? 30 : 0).AddSeconds(random.Next(7200));
        for (var i = 0; i < count; i++)
        {
            string[] tags = random.Next(6) == 0 ? ["walle", "pinned"] : ["walle"];
            repository.Add(JsonSerializer.Serialize(new
            {
                time = time.ToOffset(offset).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffK", CultureInfo.InvariantCulture),
                tree = new string('0', 64), paths = (string[])[path], hostname = "c1", username = "root", tags,
            }));
            time = time.AddHours(-step * (0.2 + (random.NextDouble() * 1.6))).AddSeconds(-1);
        }
    }

    private static (KeepPolicy Policy, string Arguments) Policy(Random random)
    {
        var policy = new KeepPolicy { Last = Maybe(3) };
        List<string> arguments = [];
        (policy.Hourly, policy.Daily, policy.Weekly, policy.Monthly, policy.Yearly) = (Maybe(5), Maybe(5), Maybe(5), Maybe(4), Maybe(3));
        // restic refuses to forget the last snapshot of a volume: with tags alone it would answer nothing. (So does Walle: minKeep.)
        if (policy.IsEmpty)
            policy.Last = 1;
        if (random.Next(3) == 0)
        {
            var text = new[] { "1h", "36h", "3d", "1m", "2m1d", "1y", "1y2m14d6h", "11m30d" }[random.Next(8)];
            policy.Within = KeepDuration.Parse(text);
            arguments.Add("--keep-within " + text);
        }
        if (random.Next(3) == 0)
        {
            policy.Tags.Add("pinned");
            arguments.Add("--keep-tag pinned");
        }
        foreach (var (name, count) in ((string, int)[])[("last", policy.Last), ("hourly", policy.Hourly), ("daily", policy.Daily), ("weekly", policy.Weekly), ("monthly", policy.Monthly), ("yearly", policy.Yearly)])
        {
            if (count > 0)
                arguments.Add($"--keep-{name} {count}");
        }
        return (policy, string.Join(' ', arguments));

        int Maybe(int most) => random.Next(2) == 0 ? 0 : random.Next(1, most + 1);
    }
}
