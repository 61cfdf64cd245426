using System.Globalization;
using Walle.Worker.Restic;

namespace Walle.Worker.Retention;

/// <summary>
/// Which snapshots of one volume a policy keeps. Pure; the same answer as <c>restic forget</c> gives, compared with it on generated histories
/// (Walle.Tests/Worker/Retention). Ported semantics: https://github.com/restic/restic/blob/master/internal/data/snapshot_policy.go
/// </summary>
internal static class KeepRule
{
    /// <param name="newestFirst">Of one volume.</param>
    /// <param name="now">A snapshot of the future is not what keepWithin counts from.</param>
    /// <returns>What is kept, and by which rules.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Keep(IReadOnlyList<RepositorySnapshot> newestFirst, KeepPolicy policy, DateTimeOffset now)
    {
        if (policy.IsEmpty)
            return newestFirst.ToDictionary(snapshot => snapshot.Id, IReadOnlyList<string> (_) => ["no rule"]);
        var kept = new Dictionary<string, IReadOnlyList<string>>();
        var since = Since(newestFirst, policy, now);
        var buckets = Buckets(policy);
        for (var i = 0; i < newestFirst.Count; i++)
        {
            var snapshot = newestFirst[i];
            List<string> reasons = [.. policy.Tags.Where(snapshot.Tags.Contains).Select(tag => $"tag {tag}")];
            if (snapshot.Time > since)
                reasons.Add("within");
            foreach (var bucket in buckets)
            {
                if (bucket.Takes(snapshot, i, isOldest: i == newestFirst.Count - 1))
                    reasons.Add(bucket.Name);
            }
            if (reasons.Count > 0)
                kept[snapshot.Id] = reasons;
        }
        return kept;
    }

    private static DateTimeOffset Since(IReadOnlyList<RepositorySnapshot> newestFirst, KeepPolicy policy, DateTimeOffset now)
    {
        if (policy.Within is not { } within)
            return DateTimeOffset.MaxValue;
        // restic counts from the year 1 when all lie in the future, and keeps them all.
        return newestFirst.FirstOrDefault(snapshot => snapshot.Time < now) is { } latest ? within.Before(latest.Time) : DateTimeOffset.MinValue;
    }

    private static List<Bucket> Buckets(KeepPolicy policy) =>
    [
        new("last", policy.Last, (_, index) => index),
        new("hourly", policy.Hourly, (time, _) => (((((time.Year * 100) + time.Month) * 100) + time.Day) * 100) + time.Hour),
        new("daily", policy.Daily, (time, _) => (((time.Year * 100) + time.Month) * 100) + time.Day),
        new("weekly", policy.Weekly, (time, _) => (ISOWeek.GetYear(time.DateTime) * 100) + ISOWeek.GetWeekOfYear(time.DateTime)),
        new("monthly", policy.Monthly, (time, _) => (time.Year * 100) + time.Month),
        new("yearly", policy.Yearly, (time, _) => time.Year),
    ];

    private sealed class Bucket(string name, int count, Func<DateTimeOffset, int, int> period)
    {
        private int _left = count;
        private int? _last;

        public string Name => name;

        /// <summary>The newest of each period; and the oldest of all while there is room, so that the history is as long as it can be.</summary>
        public bool Takes(RepositorySnapshot snapshot, int index, bool isOldest)
        {
            if (_left == 0)
                return false;
            var value = period(snapshot.Time, index);
            if (value == _last && !isOldest)
                return false;
            _last = value;
            _left--;
            return true;
        }
    }
}
