using System.Globalization;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd.Schedules;

/// <summary>Runs of a schedule: by the clock, by hand, after downtime, with two controllers, cancelled, and their history.</summary>
[NonParallelizable]
public sealed class RunTests : ScheduleEndToEndTest
{
    private const string Plain = "plain";
    private static readonly TimeSpan ThreeTicks = TimeSpan.FromMinutes(5);

    /// <summary>Four schedules side by side, so that the minutes are waited for once.</summary>
    [Test]
    public async Task EveryMinute_RunsEachTickOnce_AndRunsThatTakeLongerObeyTheirPolicy()
    {
        await CreateSecretAsync();
        await CreateClaimAsync("data", StorageNames.FileImmediate);
        await CreateClaimAsync("slow", StorageNames.FileImmediate, fault: $"{Fault.SlowReady}:75s");
        await CreateScheduleAsync(Plain, "* * * * *", """ "selectors": [{"names": ["data"]}], "successfulJobsHistoryLimit": 100 """);
        foreach (var policy in new[] { ConcurrencyPolicy.Forbid, ConcurrencyPolicy.Allow, ConcurrencyPolicy.Replace })
            await CreateScheduleAsync(policy.ToLowerInvariant(), "* * * * *", $$""" "selectors": [{"names": ["slow"]}], "concurrencyPolicy": "{{policy}}", "successfulJobsHistoryLimit": 100 """);

        Dictionary<string, int> mostActive = [];
        HashSet<string> replaced = [];
        await Eventually(
            async () =>
            {
                foreach (var name in new[] { "forbid", "allow", "replace" })
                {
                    var jobs = await JobsOfAsync(name);
                    var active = jobs.Where(job => job.Metadata.DeletionTimestamp is null && job.Status?.CompletionTime is null).ToList();
                    mostActive[name] = Math.Max(mostActive.GetValueOrDefault(name), active.Count);
                    if (name == "replace")
                        replaced.UnionWith(jobs.Select(job => job.Metadata.Name!));
                }

                var plain = await JobsOfAsync(Plain);
                return plain.Count(job => job.Status?.Phase == BackupPhase.Succeeded) >= 3;
            },
            ThreeTicks, () => "three ticks gave no three runs");

        var ticks = (await JobsOfAsync(Plain)).Select(TickOf).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(ticks.Zip(ticks.Skip(1), (left, right) => right - left), Is.All.EqualTo(TimeSpan.FromMinutes(1)), "each tick once, none left out");
            Assert.That(ticks.Select(tick => tick.Second), Is.All.Zero);
            Assert.That(mostActive["forbid"], Is.EqualTo(1));
            Assert.That(mostActive["allow"], Is.EqualTo(2));
            Assert.That(mostActive["replace"], Is.LessThanOrEqualTo(2), "the old one goes when the new one comes");
            Assert.That(replaced, Has.Count.GreaterThanOrEqualTo(2));
        });
        var left = await JobsOfAsync("replace");
        Assert.That(left.Select(job => job.Metadata.Name), Does.Not.Contain(replaced.Order(StringComparer.Ordinal).First()), "cancelled before it could end");
        foreach (var name in new[] { Plain, "forbid", "allow", "replace" })
            await PatchScheduleAsync(name, """{"spec": {"suspend": true}}""");
    }

    [Test]
    public async Task Downtime_IsMadeUpForByOneRun()
    {
        await CreateSecretAsync();
        await CreateClaimAsync("data", StorageNames.FileImmediate);
        // Hourly, at a minute that is not near: no tick of its own comes while the test runs.
        var minute = TimeProvider.System.GetUtcNow().AddMinutes(30).Minute;
        await CreateScheduleAsync(Plain, $"{minute} * * * *");
        await WaitForScheduleAsync(Plain, status => status.NextScheduleTime is not null, "no next time", Soon);

        await Walle.Controller.KillAsync();
        // As if the controller had been down since before five ticks.
        var then = TimeProvider.System.GetUtcNow().AddHours(-5).AddMinutes(-40);
        await PatchScheduleStatusAsync(Plain, $$"""{"status": {"lastScheduleTime": "{{then.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}}"} }""");
        Walle.Controller.Start();

        var status = await WaitForScheduleAsync(Plain, HasEnded, "the run has not ended");
        Assert.Multiple(() =>
        {
            Assert.That(status.LastRun, Is.EqualTo(status.LastRun! with { Total = 1, Succeeded = 1, Failed = 0, Running = 0 }));
            Assert.That(status.LastScheduleTime, Is.EqualTo(status.LastRun!.ScheduledFor).And.GreaterThan(TimeProvider.System.GetUtcNow().AddHours(-1)), "the newest of the missed ticks");
            Assert.That(status.MissedRuns, Is.Null, "it was made up for");
        });
        Assert.That(await JobsOfAsync(Plain), Has.Count.EqualTo(1));
    }

    [Test, Explicit("takes seven minutes: five ticks of a minute go by")]
    public async Task Downtime_OfFiveTicksByTheClock_IsMadeUpForByOneRun()
    {
        await CreateSecretAsync();
        await CreateClaimAsync("data", StorageNames.FileImmediate);
        await CreateScheduleAsync(Plain, "* * * * *", "\"successfulJobsHistoryLimit\": 100");
        await WaitForScheduleAsync(Plain, HasEnded, "no run has ended");
        await Walle.Controller.KillAsync();
        var killed = TimeProvider.System.GetUtcNow();
        var before = (await JobsOfAsync(Plain)).Count;
        await Eventually(() => Task.FromResult(TimeProvider.System.GetUtcNow() > killed.AddSeconds(-killed.Second).AddMinutes(5.2)), TimeSpan.FromMinutes(6), () => "time stands still");
        Walle.Controller.Start();
        var started = TimeProvider.System.GetUtcNow();

        await Eventually(async () => (await JobsOfAsync(Plain)).Count > before, Soon, () => "no run makes up for them");
        await Eventually(() => Task.FromResult(TimeProvider.System.GetUtcNow() > started.AddSeconds(20)), TimeSpan.FromMinutes(1), () => "time stands still");
        var made = (await JobsOfAsync(Plain)).Skip(before).Select(TickOf).Where(tick => tick <= started).ToList();
        Assert.That(made, Is.EqualTo((DateTimeOffset[])[started.AddTicks(-(started.Ticks % TimeSpan.TicksPerMinute))]), "one run, for the newest of the five ticks");
    }

    [Test]
    public async Task Downtime_BeyondTheDeadline_IsToldAsMissed()
    {
        await CreateSecretAsync();
        var minute = TimeProvider.System.GetUtcNow().AddMinutes(30).Minute;
        await CreateClaimAsync("data", StorageNames.FileImmediate);
        await CreateScheduleAsync(Plain, $"{minute} * * * *", "\"startingDeadlineSeconds\": 60");
        await WaitForScheduleAsync(Plain, status => status.NextScheduleTime is not null, "no next time", Soon);
        await Walle.Controller.KillAsync();
        var then = TimeProvider.System.GetUtcNow().AddHours(-5).AddMinutes(-40);
        await PatchScheduleStatusAsync(Plain, $$"""{"status": {"lastScheduleTime": "{{then.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}}"} }""");
        Walle.Controller.Start();

        var status = await WaitForScheduleAsync(Plain, status => status.MissedRuns > 0, "nothing was missed", TimeSpan.FromMinutes(1));
        Assert.That(status.MissedRuns, Is.InRange(5, 6));
        await Eventually(async () => (await EventsOfAsync(Plain)).Any(happened => happened.Reason == nameof(Reason.Missed) && happened.Type == "Warning"), Soon, () => "no Event tells of it");
        Assert.That(await JobsOfAsync(Plain), Is.Empty);
    }

    [Test]
    public async Task TwoControllersSideBySide_MakeNothingTwice()
    {
        await CreateSecretAsync();
        string[] claims = ["a", "b", "c", "d", "e"];
        foreach (var claim in claims)
        {
            await CreateClaimAsync(claim, StorageNames.FileImmediate);
            await WriteAsync(claim, $"echo {claim} > file");
        }

        await using var second = await Walle.StartAnotherAsync();
        await CreateScheduleAsync(Plain, Yearly);
        await WaitForScheduleAsync(Plain, status => status.Selected?.Count == claims.Length, "not all are selected", Soon);
        var asked = await RunNowAsync(Plain);

        var status = await WaitForScheduleAsync(Plain, HasEnded, "the run has not ended");
        Assert.That((status.LastRun!.Total, status.LastRun.Succeeded, status.LastRunNow), Is.EqualTo(((int?)5, (int?)5, (string?)asked)));
        Assert.That((await JobsOfAsync(Plain)).Select(job => job.Spec.Source.Name), Is.EquivalentTo(claims));
        Assert.That(await Restore.SnapshotsAsync(), Has.Count.EqualTo(claims.Length));
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task EditsDuringARun_AreForTheNext()
    {
        await CreateSecretAsync();
        await CreateClaimAsync("data", StorageNames.FileImmediate, fault: $"{Fault.SlowReady}:6s");
        await CreateClaimAsync("other", StorageNames.FileImmediate);
        await CreateScheduleAsync(Plain, Yearly, """ "selectors": [{"names": ["data"]}], "options": {"tags": ["before"]} """);
        await RunNowAsync(Plain);
        await WaitForScheduleAsync(Plain, status => status.LastRun?.StartedAt is not null || status.Active is not null, "it has not begun");
        await PatchScheduleAsync(Plain, """{"spec": {"selectors": [{"names": ["other"]}], "options": {"tags": ["after"]} } }""");

        var status = await WaitForScheduleAsync(Plain, HasEnded, "the run has not ended");
        Assert.That((status.LastRun!.Total, status.LastRun.Succeeded), Is.EqualTo(((int?)1, (int?)1)));
        var job = (await JobsOfAsync(Plain)).Single();
        Assert.That((job.Spec.Source.Name, job.Spec.Options!.Tags!.Single()), Is.EqualTo(("data", "before")));
        Assert.That(status.Selected!.Where(source => source.Reason is null).Select(source => source.Name), Is.EqualTo(new[] { "other" }), "the preview is of the next run");
    }

    [Test]
    public async Task DeletedSchedule_CancelsItsRuns_AndDeletesNoBackup()
    {
        await CreateSecretAsync();
        await CreateClaimAsync("data", StorageNames.FileImmediate);
        await CreateScheduleAsync(Plain, Yearly);
        await RunNowAsync(Plain);
        await WaitForScheduleAsync(Plain, HasEnded, "the first run has not ended");
        await CreateClaimAsync("slow", StorageNames.FileImmediate, fault: $"{Fault.SlowReady}:60s");
        await RunNowAsync(Plain);
        await WaitForScheduleAsync(Plain, status => status.Active?.Count > 0, "no second run");

        await DeleteScheduleAsync(Plain);

        await Eventually(async () => (await JobsOfAsync(Plain)).Count == 0, BackupDeadline, () => "its BackupJobs are still there");
        await NothingIsLeftAsync();
        Assert.That(await Restore.SnapshotsAsync(), Is.Not.Empty, "what was backed up stays");
    }

    [Test]
    public async Task History_KeepsTheNewestSuccessOfEachSource_AndNoBackupGoesWithABackupJob()
    {
        await CreateSecretAsync();
        await CreateClaimAsync("data", StorageNames.FileImmediate);
        await CreateScheduleAsync(Plain, Yearly, "\"successfulJobsHistoryLimit\": 0, \"rpo\": \"1h\"");
        await RunNowAsync(Plain);
        var first = await WaitForScheduleAsync(Plain, HasEnded, "the first run has not ended");
        var kept = (await JobsOfAsync(Plain)).Single().Metadata.Name;
        await RunNowAsync(Plain);
        await WaitForScheduleAsync(Plain, status => HasEnded(status) && status.LastRun!.ScheduledFor != first.LastRun!.ScheduledFor, "the second run has not ended");

        await Eventually(async () => (await JobsOfAsync(Plain)).Count == 1, Soon, () => "both BackupJobs are still there");
        Assert.That((await JobsOfAsync(Plain)).Single().Metadata.Name, Is.Not.EqualTo(kept));
        Assert.That(await Restore.SnapshotsAsync(), Has.Count.EqualTo(2));
        var status = (await ReadScheduleAsync(Plain)).Status!;
        Assert.That(Condition(status, ConditionTypes.WithinRPO)?.Status, Is.EqualTo("True"));
        Assert.That((status.Protected, Condition(status, ConditionTypes.Ready)?.Status), Is.EqualTo(("1/1", "True")));
    }

    private static DateTimeOffset TickOf(BackupJob job) => DateTimeOffset.Parse(job.Metadata.Annotations![WellKnown.ScheduledForAnnotation], CultureInfo.InvariantCulture);
}
