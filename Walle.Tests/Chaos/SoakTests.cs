using System.Globalization;
using NUnit.Framework;
using Walle.Crds.V1;
using Walle.Tests.Bench;
using Walle.Tests.Chaos.Proxy;
using Walle.Tests.Chaos.Report;
using Walle.Tests.Storage;

namespace Walle.Tests.Chaos;

/// <summary>
/// A schedule of every minute over several claims, with watches that end, answers that are lost and a server that is busy now and then, for as many minutes
/// as TEST_SOAK_MINUTES says (<c>make soak</c>): nothing fails, nothing is left, and the controller does not grow.
/// </summary>
[Explicit("make soak")]
public sealed class SoakTests : ChaosTest
{
    private const string EveryMinute = "steady";
    private const int Claims = 4;
    private const double MostWritesPerBackup = 17;
    private const double MostMegabytesPerHour = 40;
    private static readonly TimeSpan LongEnoughForASlope = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(10);

    private readonly List<(double Hours, double Megabytes)> _memory = [];

    protected override string Scenario => "soak";

    protected override bool StrikesFromTheStart => true;

    private static TimeSpan Duration => TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("TEST_SOAK_MINUTES") ?? "20", CultureInfo.InvariantCulture));

    [Test]
    public async Task Soak()
    {
        var run = await RunAsync(new FaultPlan(
            1,
            new FaultRule("watch ends", "watches", FaultAction.EndWatch) { Times = int.MaxValue, Probability = 0.5, Count = 20 },
            new FaultRule("watch gone", "watches", FaultAction.Gone) { Times = int.MaxValue, Probability = 0.1, Count = 10 },
            new FaultRule("lost answer", "writes", FaultAction.DropAfter) { Times = int.MaxValue, Probability = 0.01 },
            new FaultRule("busy", "writes", FaultAction.Answer) { Times = int.MaxValue, Probability = 0.01, Status = 503, RetryAfter = 1 },
            new FaultRule("broken read", "reads", FaultAction.CutBody) { Times = int.MaxValue, Probability = 0.01, Count = 30 }));
        var status = (await ReadScheduleAsync(EveryMinute)).Status!;
        // Nothing is forgotten: what was saved is all there. The proxy's own count of creates is short of those that a fault struck.
        var backups = (await Restore.SnapshotsAsync()).Count;
        var writes = run.Calls.Count(effect => effect.Call.Resource != "events") / (double)backups;
        var third = _memory.Count / 3;
        var result = new SoakResult(
            Math.Round(run.Seconds / 60, 1), backups, (await JobsOfAsync(EveryMinute)).Count(job => job.Status?.Phase != BackupPhase.Succeeded), run.Trace.Count, Math.Round(writes, 2),
            Median(_memory.Take(third)), Median(_memory.TakeLast(third)), Math.Round(Slope(_memory.Skip(_memory.Count / 2).ToList()), 1));
        await ChaosReport.AddAsync(result);
        Assert.Multiple(() =>
        {
            Assert.That(result.Failed, Is.Zero);
            Assert.That(status.MissedRuns ?? 0, Is.Zero, "I1: no tick was missed");
            Assert.That(backups, Is.EqualTo(Claims * (backups / Claims)), "I1: every tick has backed up every claim");
            Assert.That(writes, Is.LessThan(MostWritesPerBackup));
            // Within minutes the slope is that of the warming up.
            if (Duration >= LongEnoughForASlope)
                Assert.That(result.MegabytesPerHour, Is.LessThan(MostMegabytesPerHour));
        });
    }

    protected override async Task ActAsync()
    {
        await CreateSecretAsync();
        for (var number = 1; number <= Claims; number++)
        {
            await CreateClaimAsync($"data-{number}", StorageNames.FileImmediate);
            await WriteAsync($"data-{number}", "head -c 100000 /dev/urandom > file");
        }

        await CreateScheduleAsync(EveryMinute, "* * * * *");
    }

    protected override async Task EndAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) is var elapsed && elapsed < Duration)
        {
            await Task.Delay(Sample, TimeProvider.System);
            _memory.Add((elapsed.TotalHours, ProcessMemory.Read(Supervisor.Id.ToString(CultureInfo.InvariantCulture)).Anonymous / 1e6));
        }

        await PatchScheduleAsync(EveryMinute, """{"spec": {"suspend": true} }""");
        await WaitForScheduleAsync(EveryMinute, HasEnded, "the last run has not ended");
    }

    private static double Median(IEnumerable<(double Hours, double Megabytes)> samples) => Math.Round(samples.Select(sample => sample.Megabytes).Order().ElementAt(samples.Count() / 2), 1);

    /// <summary>Least squares.</summary>
    private static double Slope(List<(double Hours, double Megabytes)> samples)
    {
        var (x, y) = (samples.Average(sample => sample.Hours), samples.Average(sample => sample.Megabytes));
        return samples.Sum(sample => (sample.Hours - x) * (sample.Megabytes - y)) / samples.Sum(sample => (sample.Hours - x) * (sample.Hours - x));
    }
}
