using NUnit.Framework;
using Walle.Tests.Chaos.Proxy;

namespace Walle.Tests.Chaos;

/// <summary>What an API server, and the line to it, do besides answering: one at a time. The ids are those of reliability.md §6.1.</summary>
internal static class ApiFaults
{
    private static readonly FaultRule[] Rules =
    [
        new("F05-slow-writes", "writes", FaultAction.Delay) { Times = 20, Duration = TimeSpan.FromSeconds(2) },
        new("F07-throttled-writes", "writes", FaultAction.Answer) { From = 3, Times = 6, Status = 429, RetryAfter = 1 },
        new("F07-throttled-lists", "reads", FaultAction.Answer) { Times = 6, Status = 429, RetryAfter = 1 },
        new("F06-server-error-on-writes", "writes", FaultAction.Answer) { From = 2, Times = 5, Status = 500 },
        new("F06-unavailable-to-writes", "writes", FaultAction.Answer) { From = 4, Times = 5, Status = 503, RetryAfter = 1 },
        new("F06-timeout-of-writes", "writes", FaultAction.Answer) { From = 2, Times = 5, Status = 504 },
        new("F08-conflict-of-status", "patch backupjobs/status", FaultAction.Answer) { From = 2, Times = 3, Status = 409 },
        new("F04-refused-writes", "writes", FaultAction.DropBefore) { From = 2, Times = 6 },
        new("F09-lost-answers", "writes", FaultAction.DropAfter) { From = 2, Times = 6 },
        new("F13-cut-answers-to-reads", "reads", FaultAction.CutBody) { Times = 8, Count = 40 },
        new("F13-cut-answers-to-writes", "writes", FaultAction.CutBody) { From = 2, Times = 5, Count = 60 },
        new("F12-frozen-watches", "watches", FaultAction.FreezeWatch) { Times = 4, Duration = TimeSpan.FromSeconds(20) },
        new("F11-frozen-jobs", "watch jobs", FaultAction.FreezeWatch) { Times = 1, Duration = TimeSpan.FromSeconds(25) },
        new("F11-frozen-backupjobs", "watch backupjobs", FaultAction.FreezeWatch) { Times = 1, Count = 2, Duration = TimeSpan.FromSeconds(25) },
        new("F15-lost-events", "watches", FaultAction.DropEvents) { Times = 12, Count = 2 },
        new("F14-duplicate-events", "watches", FaultAction.DuplicateEvents) { Times = 40 },
        new("F14-replayed-events", "watches", FaultAction.ReplayEvents) { Times = 40 },
        new("F10-gone-at-every-event", "watches", FaultAction.Gone) { Times = 30 },
        new("F13-watches-end-at-every-event", "watches", FaultAction.EndWatch) { Times = 60 },
        new("no-bookmarks", "watches", FaultAction.NoBookmarks) { Times = 60 },
    ];

    /// <summary>In the short run every fifth.</summary>
    public static IEnumerable<TestCaseData> Cases =>
        Rules.Where((_, index) => CrashPoints.All || index % 5 == 0).Select(rule => new TestCaseData(rule.Id).SetArgDisplayNames(rule.Id));

    /// <summary>From the start of the controller on: lists and watches are made then.</summary>
    public static FaultPlan Plan(string id)
    {
        var rule = Rules.Single(rule => rule.Id == id);
        return new FaultPlan(0, rule);
    }

    /// <summary>Three of them by lot, at moments by lot, and sometimes a kill.</summary>
    public static FaultPlan Random(int seed)
    {
        var random = new Random(seed);
        var rules = Enumerable.Range(1, 3).Select(number => Drawn(random, number)).ToArray();
        return new FaultPlan(seed, rules);
    }

    private static FaultRule Drawn(Random random, int number)
    {
        var id = $"{number}";
        if (random.Next(3) == 0)
            return new FaultRule(id, "writes", random.Next(2) == 0 ? FaultAction.KillBefore : FaultAction.KillAfter) { From = random.Next(1, 40) };
        var rule = Rules[random.Next(Rules.Length)];
        return rule with { Id = $"{number}-{rule.Id}", From = random.Next(1, 20), Times = Math.Min(rule.Times, random.Next(1, 12)), Probability = 0.3 + (0.7 * random.NextDouble()) };
    }
}
