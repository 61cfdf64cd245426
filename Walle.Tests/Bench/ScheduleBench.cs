using System.Diagnostics;
using System.Globalization;
using Walle.Controller.Scheduling;

namespace Walle.Tests.Bench;

/// <summary>Many schedules in one process without a cluster: what they hold, how fast they tell their next tick, and how late it comes.</summary>
internal static class ScheduleBench
{
    private const int Batches = 7;
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];
    private static readonly string[] Expressions = ["H H * * *", "H * * * *", "H H * * 0", "H/15 * * * *", "H 2 1,15 * mon"];

    public static async Task<int> RunAsync(ScheduleBenchOptions options)
    {
        Say($"{options.Count} schedules, .NET {Environment.Version}, {Environment.ProcessorCount} cores, load average {(await File.ReadAllTextAsync("/proc/loadavg")).Trim()}");
        // Zones and code are there once for all schedules.
        _ = Make(Zones.Length * Expressions.Length);
        var before = Heap();
        var started = Stopwatch.GetTimestamp();
        var schedules = Make(options.Count);
        Say($"TryParse (ns)                              {Stopwatch.GetElapsedTime(started).TotalNanoseconds / options.Count,10:0}");
        Say($"bytes for each schedule, parsed            {(Heap() - before) / options.Count,10}");
        NextTicks(schedules);
        // Compiles what is measured next.
        var warmUp = options with { Idle = TimeSpan.FromSeconds(1) };
        await AlarmsAsync(warmUp, due => new ScheduleAlarms.OneTimer(due));
        await AlarmsAsync(warmUp, due => new ScheduleAlarms.TimerEach(options.Count, due));
        var one = await AlarmsAsync(options, due => new ScheduleAlarms.OneTimer(due));
        var each = await AlarmsAsync(options, due => new ScheduleAlarms.TimerEach(options.Count, due));
        Say("                                            one timer  timer each       ratio");
        Compare("bytes for each alarm", one.Bytes, each.Bytes);
        Compare($"CPU over {options.Idle.TotalSeconds:0} s idle (ms)", one.IdleMilliseconds, each.IdleMilliseconds);
        Compare("all due in one second: CPU (ms)", one.DueMilliseconds, each.DueMilliseconds);
        Compare("  lateness p50 (ms)", Percentile(one.Lateness, 0.50), Percentile(each.Lateness, 0.50));
        Compare("  lateness p99 (ms)", Percentile(one.Lateness, 0.99), Percentile(each.Lateness, 0.99));
        Compare("  lateness max (ms)", one.Lateness[^1], each.Lateness[^1]);
        Compare("  earliest (ms)", one.Lateness[0], each.Lateness[0]);
        return 0;
    }

    private static void NextTicks(CronSchedule[] schedules)
    {
        var now = TimeProvider.System.GetUtcNow();
        var rare = Enumerable.Range(0, 1_000).Select(_ => Parse(0, "0 0 29 2 *")).ToArray();
        foreach (var (name, some) in new[] { ("NextAfter, mixed (ns)", schedules), ("NextAfter, 29 February (ns)", rare) })
        {
            var times = Enumerable.Range(0, Batches).Select(_ =>
            {
                var started = Stopwatch.GetTimestamp();
                foreach (var schedule in some)
                    schedule.NextAfter(now);
                return Stopwatch.GetElapsedTime(started).TotalNanoseconds / some.Length;
            }).ToList();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            foreach (var schedule in some)
                schedule.NextAfter(now);
            allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / some.Length;
            Say(string.Create(CultureInfo.InvariantCulture, $"{name,-42} {Spread.Of(times).Format("0")} (median min max), {1e9 / Spread.Of(times).Median:0} per second, {allocated} bytes allocated each"));
        }

        var started = Stopwatch.GetTimestamp();
        foreach (var schedule in schedules)
            schedule.LatestAtOrBefore(now, now.AddYears(-1));
        Say($"LatestAtOrBefore, a year of downtime (ns)  {Stopwatch.GetElapsedTime(started).TotalNanoseconds / schedules.Length,10:0}");
    }

    private static async Task<Alarms> AlarmsAsync(ScheduleBenchOptions options, Func<Action<int>, ScheduleAlarms> make)
    {
        var lateness = new double[options.Count];
        var left = new CountdownEvent(options.Count);
        var due = DateTimeOffset.MaxValue;
        var before = Heap();
        using var alarms = make(schedule =>
        {
            lateness[schedule] = (TimeProvider.System.GetUtcNow() - due).TotalMilliseconds;
            left.Signal();
        });
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1);
        for (var i = 0; i < options.Count; i++)
            alarms.Set(i, tomorrow.AddSeconds(i));
        var bytes = Heap() - before;

        var cpu = Environment.CpuUsage.TotalTime;
        await Task.Delay(options.Idle, TimeProvider.System);
        var idle = Environment.CpuUsage.TotalTime - cpu;

        due = new DateTimeOffset((TimeProvider.System.GetUtcNow().UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond) + (3 * TimeSpan.TicksPerSecond), TimeSpan.Zero);
        for (var i = 0; i < options.Count; i++)
            alarms.Set(i, due);
        cpu = Environment.CpuUsage.TotalTime;
        await Task.Run(left.Wait);
        var busy = Environment.CpuUsage.TotalTime - cpu;
        left.Dispose();
        Array.Sort(lateness);
        return new Alarms((double)bytes / options.Count, idle.TotalMilliseconds, busy.TotalMilliseconds, lateness);
    }

    private static CronSchedule[] Make(int count) => [.. Enumerable.Range(0, count).Select(i => Parse(i, Expressions[i % Expressions.Length]))];

    private static CronSchedule Parse(int i, string expression) =>
        CronSchedule.TryParse(expression, Zones[i / Expressions.Length % Zones.Length], new HashSeed($"team-{i % 40}", $"schedule-{i}", HashSeed.Backup), out var schedule, out var problem)
            ? schedule
            : throw new InvalidOperationException(problem);

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);

    private static double Percentile(double[] sorted, double share) => sorted[(int)((sorted.Length - 1) * share)];

    private static void Compare(string name, double one, double each) =>
        Say(string.Create(CultureInfo.InvariantCulture, $"{name,-42} {one,10:0.0}  {each,10:0.0}  {one / each,10:0.00}"));

    private static void Say(string line) => Console.WriteLine(line);

    private sealed record Alarms(double Bytes, double IdleMilliseconds, double DueMilliseconds, double[] Lateness);
}
