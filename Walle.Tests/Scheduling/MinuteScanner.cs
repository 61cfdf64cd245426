namespace Walle.Tests.Scheduling;

/// <summary>
/// Walks a zone minute by minute, as a clock on the wall would show them, and says at which of them a schedule is due. To try many expressions
/// the walk is kept as runs of minutes of one local day.
/// </summary>
internal sealed class MinuteScanner
{
    private readonly List<Run> _runs = [];

    public MinuteScanner(TimeZoneInfo zone, DateTime from, DateTime to)
    {
        // A day earlier: what the clock had shown by then.
        var utc = from.AddDays(-2);
        var previous = Local(zone, utc.AddMinutes(-1));
        var furthest = previous;
        for (; utc < to; utc = utc.AddMinutes(1))
        {
            var local = Local(zone, utc);
            var shown = local <= furthest;
            var steady = local == previous.AddMinutes(1);
            if (!steady || local.TimeOfDay == TimeSpan.Zero || _runs.Count == 0 || _runs[^1].Shown != shown)
            {
                _runs.Add(new Run(utc, DateOnly.FromDateTime(local), (int)local.TimeOfDay.TotalMinutes, shown)
                {
                    SkippedFrom = !steady && local > previous ? previous.AddMinutes(1) : local,
                    SkippedTo = local,
                });
            }

            _runs[^1].Length++;
            previous = local;
            furthest = local > furthest ? local : furthest;
        }

        _runs.RemoveAll(run => run.Utc.AddMinutes(run.Length) <= from);
        From = from;
    }

    public DateTime From { get; }

    /// <summary>Minutes that a clock never showed and the number of those that it showed twice.</summary>
    public (int Skipped, int Twice) Irregular => (_runs.Sum(run => (int)(run.SkippedTo - run.SkippedFrom).TotalMinutes), _runs.Where(run => run.Shown).Sum(run => run.Length));

    /// <summary>In UTC: when clocks changed, and when what they showed twice began again after a midnight.</summary>
    public IEnumerable<DateTime> Changes => _runs.Where(run => run.Shown || run.SkippedFrom != run.SkippedTo).Select(run => run.Utc);

    /// <summary>In UTC, ascending.</summary>
    public IEnumerable<DateTime> Ticks(ScannedExpression expression)
    {
        var (last, has) = (default(DateOnly), false);
        foreach (var run in _runs)
        {
            // A time that did not exist runs at the jump.
            var jumped = false;
            for (var skipped = run.SkippedFrom; skipped < run.SkippedTo && !jumped; skipped = skipped.AddMinutes(1))
                jumped = expression.HasDay(DateOnly.FromDateTime(skipped)) && Array.IndexOf(expression.MinutesOfDay, (int)skipped.TimeOfDay.TotalMinutes) >= 0;
            if (jumped && run.Utc >= From)
                yield return run.Utc;

            if (run.Day != last)
                (last, has) = (run.Day, expression.HasDay(run.Day));
            // A time that is there for the second time runs for schedules that go by the hour.
            if (!has || (run.Shown && !expression.GoesByTheHour))
                continue;
            foreach (var minute in expression.MinutesOfDay)
            {
                if (minute >= run.First + run.Length)
                    break;
                if (minute < run.First || (jumped && minute == run.First))
                    continue;
                var utc = run.Utc.AddMinutes(minute - run.First);
                if (utc >= From)
                    yield return utc;
            }
        }
    }

    private static DateTime Local(TimeZoneInfo zone, DateTime utc) => DateTime.SpecifyKind(utc + zone.GetUtcOffset(utc), DateTimeKind.Unspecified);

    private sealed record Run(DateTime Utc, DateOnly Day, int First, bool Shown)
    {
        public int Length { get; set; }

        public required DateTime SkippedFrom { get; init; }

        public required DateTime SkippedTo { get; init; }
    }
}
