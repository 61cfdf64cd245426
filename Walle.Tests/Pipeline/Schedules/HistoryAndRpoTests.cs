using NUnit.Framework;
using Walle.Controller.Pipeline.Schedules;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Schedules;

/// <summary>What stays of old runs, and how fresh the newest backups are.</summary>
internal sealed class HistoryAndRpoTests
{
    [TestCase(2, 1, "sssf", "ssf")]
    [TestCase(0, 0, "ssff", "s")]
    [TestCase(1, 2, "ffsfs", "ffs")]
    [TestCase(null, null, "sssssffff", "sssfff")]
    public void Of_each_source_the_newest_stay_up_to_the_limits_and_one_success_always(int? succeeded, int? failed, string newestFirst, string left)
    {
        var observation = ScheduleStage.Fresh(spec => spec with { SuccessfulJobsHistoryLimit = succeeded, FailedJobsHistoryLimit = failed });
        var jobs = newestFirst.Select((kind, index) => ScheduleStage.End(Job(A.ClaimName, index), A.Noon, kind == 's')).ToList();
        var gone = HistoryRule.Superfluous(observation with { Jobs = jobs }, unfinishedTick: null).Select(job => job.Metadata.Name).ToHashSet();
        var stays = jobs.Where(job => !gone.Contains(job.Metadata.Name)).Select(job => job.Status!.Conditions![0].Type == ConditionTypes.Complete ? 's' : 'f');
        Assert.That(string.Concat(stays), Is.EqualTo(left));
    }

    [Test]
    public void Each_source_has_its_own_history()
    {
        var jobs = new[] { "data", "other" }.SelectMany(name => Enumerable.Range(0, 4).Select(index => ScheduleStage.End(Job(name, index), A.Noon, succeeded: true))).ToList();
        var gone = HistoryRule.Superfluous(ScheduleStage.Fresh() with { Jobs = jobs }, unfinishedTick: null).Select(job => job.Spec.Source.Name);
        Assert.That(gone, Is.EquivalentTo(new[] { "data", "other" }));
    }

    [Test]
    public void What_runs_and_what_belongs_to_an_unfinished_run_stays()
    {
        var observation = ScheduleStage.Fresh(spec => spec with { FailedJobsHistoryLimit = 0 });
        Assert.That(HistoryRule.Superfluous(observation with { Jobs = [Job("data", 0)] }, unfinishedTick: null), Is.Empty);
        var failed = ScheduleStage.End(Job("data", 0), A.Noon, succeeded: false);
        Assert.That(HistoryRule.Superfluous(observation with { Jobs = [failed] }, RunManifest.TickOf(failed)), Is.Empty);
        Assert.That(HistoryRule.Superfluous(observation with { Jobs = [failed] }, unfinishedTick: null), Has.Exactly(1).Items);
    }

    [Test]
    public void A_claim_without_a_backup_is_late_from_when_it_was_first_selected()
    {
        var observation = ScheduleStage.Fresh(spec => spec with { Rpo = "2h" }).Stored();
        Assert.That(observation.At("14:00:00").Decide().Condition(ConditionTypes.WithinRPO)!.Status, Is.EqualTo("True"));
        Assert.That(observation.Decide().WakeAt, Is.EqualTo(A.Noon.AddMinutes(30)), "a tick comes before");
        var late = observation.At("14:00:01").Decide();
        Assert.That(late.Condition(ConditionTypes.WithinRPO), Has.Property("Reason").EqualTo("RPOViolated").And.Property("Message").Contains("data (none since 2026-11-22T12:00:00Z)"));
        Assert.That(late.Events.Select(happened => happened.Reason), Does.Contain(Reason.RPOViolated));
    }

    [Test]
    public void It_is_the_age_of_the_data_that_counts_and_only_complete_backups()
    {
        var observation = ScheduleStage.Running(spec => spec with { Rpo = "30m" }).At("12:40:00");
        Assert.That(observation.Ended(succeeded: true).At("13:10:00").Decide().Condition(ConditionTypes.WithinRPO)!.Status, Is.EqualTo("True"));
        Assert.That(observation.Ended(succeeded: true).At("13:10:01").Decide().Condition(ConditionTypes.WithinRPO)!.Message, Does.Contain("data (newest: 2026-11-22T12:40:00Z)"));
        Assert.That(observation.Ended(succeeded: false).Decide().Condition(ConditionTypes.WithinRPO)!.Status, Is.EqualTo("False"), "a run that succeeded in part is none");
    }

    [Test]
    public void The_age_outlives_the_BackupJobs_and_a_restart()
    {
        var ended = ScheduleStage.Running(spec => spec with { Rpo = "30m" }).At("12:40:00").Ended(succeeded: true).Stored();
        var restarted = (ended with { Jobs = [], RepositoryJobs = [] }).At("13:00:00").Decide();
        Assert.That(restarted.Condition(ConditionTypes.WithinRPO)!.Status, Is.EqualTo("True"));
        Assert.That((restarted.Status.Protected, restarted.Status.Selected![0].Claims![0].LastBackupTime), Is.EqualTo(("1/1", (DateTimeOffset?)A.Noon.AddMinutes(40))));
    }

    [Test]
    public void A_new_claim_of_an_old_name_is_another_volume()
    {
        var ended = ScheduleStage.Running(spec => spec with { Rpo = "30m" }).At("12:40:00").Ended(succeeded: true).Stored();
        var replaced = ended.Selecting(A.Claim().With(claim => claim with { Uid = "11111111-2222-4333-8444-000000000009" })).Decide();
        Assert.That((replaced.Status.Protected, replaced.Status.Selected![0].Claims![0].LastBackupTime), Is.EqualTo(("0/1", (DateTimeOffset?)null)));
    }

    [Test]
    public void A_claim_that_is_wanted_and_can_not_be_backed_up_violates_it()
    {
        var decision = ScheduleStage.Fresh(spec => spec with { Rpo = "2h" }).Selecting(A.Claim(), A.Claim().With(claim => claim with { Name = claim.Name with { Name = "raw" }, Uid = "x", VolumeMode = "Block" })).Decide();
        Assert.That(decision.Condition(ConditionTypes.WithinRPO)!.Message, Does.Contain("raw (UnsupportedVolumeMode)"));
        Assert.That(decision.Status.Protected, Is.EqualTo("0/2"));
    }

    [TestCase("26h", 26 * 3600)]
    [TestCase("1h30m5s", 5405)]
    [TestCase("90m", 5400)]
    [TestCase("99999999999999999999h", 36_500.0 * 86_400)]
    [TestCase("1d", null)]
    [TestCase("", null)]
    public void A_duration_is_read(string text, double? seconds) => Assert.That(RpoRule.Parse(text)?.TotalSeconds, Is.EqualTo(seconds));

    /// <param name="age">In hours.</param>
    private static BackupJob Job(string source, int age)
    {
        var schedule = ScheduleStage.Fresh().Schedule;
        var job = RunManifest.Build(schedule, A.Noon.AddHours(-age), new("PersistentVolumeClaim", source, [], IsWhole: true, null));
        return job with { Metadata = job.Metadata with { Uid = job.Metadata.Name, CreationTimestamp = A.Noon.AddHours(-age) } };
    }
}
