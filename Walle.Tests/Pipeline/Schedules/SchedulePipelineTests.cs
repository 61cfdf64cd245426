using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Schedules;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Schedules;

/// <summary>Decisions about a schedule.</summary>
internal sealed class SchedulePipelineTests
{
    [Test]
    public void A_new_schedule_says_what_and_when_and_runs_nothing()
    {
        var decision = ScheduleStage.Fresh().Decide();
        Assert.That(decision.Actions, Is.Empty);
        Assert.That(decision.Status.NextScheduleTime, Is.EqualTo(A.Noon.AddMinutes(30)));
        Assert.That(decision.Status.Selected!.Single().Claims!.Single(), Is.EqualTo(new SelectedClaim { Name = A.ClaimName, Uid = A.ClaimUid, SelectedSince = A.Noon }));
        Assert.That((decision.Status.Protected, decision.WakeAt), Is.EqualTo(("0/1", (DateTimeOffset?)A.Noon.AddMinutes(30))));
        Assert.That(decision.Condition(ConditionTypes.Accepted)!.Status, Is.EqualTo("True"));
        Assert.That(decision.Condition(ConditionTypes.Ready)!.Status, Is.EqualTo("True"));
    }

    [Test]
    public void A_run_is_announced_before_anything_is_created()
    {
        var announced = ScheduleStage.Fresh().Stored().At("12:30:00");
        Assert.That(announced.Decide().Actions, Is.Empty);
        Assert.That(announced.Decide().Status.LastScheduleTime, Is.EqualTo(announced.Now));

        var creating = announced.Stored().Decide();
        Assert.That(creating.Actions.Single(), Is.TypeOf<ScheduleAction.CreateBackupJob>());
        Assert.That(creating.Status.LastRun, Is.EqualTo(announced.Decide().Status.LastRun), "not started before all exist");
    }

    [Test]
    public void The_BackupJob_of_a_run_holds_all_that_it_needs()
    {
        var observation = ScheduleStage.Fresh(spec => spec with
        {
            Options = new BackupOptions { Tags = ["all"], RetryLimit = 1, Worker = new WorkerOptions { RunAsUser = 5, RunAsGroup = 6 } },
            Selectors = [new BackupSelector { Options = new BackupOptions { Tags = ["mine"], Worker = new WorkerOptions { RunAsUser = 7 } } }],
            Repository = new ScheduleRepository { SecretRef = new SecretReference { Name = "other" }, Initialize = RepositoryInitialize.Never },
        }).Stored().At("12:30:00").Stored();
        var job = ((ScheduleAction.CreateBackupJob)observation.Decide().Actions.Single()).Manifest;
        Assert.Multiple(() =>
        {
            Assert.That(job.Metadata.Name, Is.EqualTo(RunNames.BackupJob("nightly", observation.Now, "PersistentVolumeClaim", A.ClaimName)).And.StartsWith($"nightly-{observation.Now.ToUnixTimeSeconds() / 60}-"));
            Assert.That(job.Metadata.Labels![WellKnown.ScheduleLabel], Is.EqualTo("nightly"));
            Assert.That(job.Metadata.Finalizers, Is.EqualTo(new[] { WellKnown.Finalizer }));
            Assert.That(job.Metadata.OwnerReferences!.Single(), Is.EqualTo(new OwnerReference { ApiVersion = "ros.io/v1", Kind = "BackupSchedule", Name = "nightly", Uid = ScheduleStage.Uid, Controller = true, BlockOwnerDeletion = false }));
            Assert.That(RunManifest.TickOf(job), Is.EqualTo(observation.Now));
            Assert.That((job.Spec.Source.Kind, job.Spec.Source.Name, job.Spec.Source.ClaimNames), Is.EqualTo(("PersistentVolumeClaim", A.ClaimName, (List<string>?)null)));
            Assert.That((job.Spec.Repository.SecretRef.Name, job.Spec.Repository.Initialize), Is.EqualTo(("other", "Never")));
            Assert.That((job.Spec.Options!.Tags!.Single(), job.Spec.Options.RetryLimit, job.Spec.Options.Worker!.RunAsUser, job.Spec.Options.Worker.RunAsGroup), Is.EqualTo(("mine", (int?)1, (long?)7, (long?)6)));
        });
    }

    [Test]
    public void Killed_while_creating_only_what_is_missing_is_created()
    {
        var many = ScheduleStage.Fresh().Selecting([.. Enumerable.Range(0, 40).Select(Claim)]).Stored().At("12:30:00").Stored();
        Assert.That(many.Decide().Actions, Has.Count.EqualTo(RunStep.CreatedAtOnce));
        var half = many.Acted();
        Assert.That(half.Decide().Actions, Has.Count.EqualTo(8));
        var whole = half.Acted();
        Assert.That(whole.Decide().Actions, Is.Empty);
        Assert.That(whole.Decide().Status.LastRun, Has.Property("StartedAt").EqualTo(whole.Now).And.Property("Total").EqualTo(40).And.Property("Running").EqualTo(40));
    }

    [Test]
    public void The_announcement_names_what_will_run_so_that_the_start_needs_no_write()
    {
        var announced = ScheduleStage.Fresh().Stored().At("12:30:00").Stored();
        var named = announced.Schedule.Status!.Active!.ConvertAll(backup => backup.Name);
        var created = announced.Acted();
        var started = created.Decide().Status;
        Assert.Multiple(() =>
        {
            Assert.That(named, Is.EqualTo(created.Jobs.Select(job => job.Metadata.Name)));
            Assert.That(started.LastRun!.StartedAt, Is.Not.Null);
            Assert.That(StatusProgress.IsStart(announced.Schedule.Status, started), Is.True);
            Assert.That(StatusProgress.IsStart(announced.Schedule.Status, created.At("12:31:00").Ended(succeeded: true).Decide().Status), Is.False, "its end is written");
            Assert.That(StatusProgress.IsStart(announced.Schedule.Status, (created with { Jobs = [] }).Stored().Decide().Status), Is.False, "not all exist");
            Assert.That(StatusProgress.IsStart(started, started), Is.False, "what is written need not wait");
        });
    }

    [Test]
    public void Once_all_existed_nothing_is_created_again()
    {
        var running = ScheduleStage.Running();
        Assert.That((running with { Jobs = [], RepositoryJobs = [] }).Decide().Actions, Is.Empty, "somebody deleted it");
        Assert.That((running with { Jobs = [], RepositoryJobs = [] }).Decide().Status.LastRun, Has.Property("Failed").EqualTo(1).And.Property("FinishedAt").Not.Null);
    }

    [Test]
    public void What_can_not_be_created_is_told_and_given_up_after_ten_minutes()
    {
        var observation = ScheduleStage.Fresh().Stored().At("12:30:00").Stored();
        var name = ((ScheduleAction.CreateBackupJob)observation.Decide().Actions.Single()).Manifest.Metadata.Name!;
        observation = observation with { Failures = new Dictionary<string, ActionFailure> { [name] = new(Reason.QuotaExceeded, "exceeded quota: jobs", IsFinal: false) } };
        Assert.That(observation.Decide().Condition(ConditionTypes.Ready), Has.Property("Reason").EqualTo("QuotaExceeded").And.Property("Message").Contains("exceeded quota: jobs"));
        Assert.That(observation.Decide().Actions, Has.Count.EqualTo(1), "and tried again");

        var late = observation.At("12:40:00").Decide();
        Assert.That(late.Actions, Is.Empty);
        Assert.That(late.Status.LastRun, Has.Property("Failed").EqualTo(1).And.Property("FinishedAt").Not.Null);
        Assert.That(late.Events.Select(happened => happened.Reason), Does.Contain(Reason.QuotaExceeded));
    }

    [TestCase(true, "True", "Succeeded")]
    [TestCase(false, "False", "LastRunFailed")]
    public void The_end_of_a_run_is_counted(bool succeeded, string ready, string reason)
    {
        var ended = ScheduleStage.Running().At("12:31:00").Ended(succeeded).Decide();
        Assert.That((ended.Status.LastRun!.Succeeded, ended.Status.LastRun.Failed, ended.Status.LastRun.FinishedAt), Is.EqualTo(((int?)(succeeded ? 1 : 0), (int?)(succeeded ? 0 : 1), (DateTimeOffset?)A.Noon.AddMinutes(31))));
        Assert.That(ended.Status.LastSuccessfulTime, Is.EqualTo(succeeded ? A.Noon.AddMinutes(31) : null));
        Assert.That(ended.Condition(ConditionTypes.Ready), Has.Property("Status").EqualTo(ready).And.Property("Reason").EqualTo(reason));
        Assert.That(ended.Events.Count(happened => happened.Reason == Reason.LastRunFailed), Is.EqualTo(succeeded ? 0 : 1));
        Assert.That(ended.Status.Active, Is.Null);
    }

    [Test]
    public void Each_failed_run_is_told_and_the_problem_stands_until_a_run_succeeds()
    {
        var failed = ScheduleStage.Running().At("12:31:00").Ended(succeeded: false).Stored();
        var next = failed.At("13:30:00").Stored().Acted().Stored();
        Assert.That(next.Decide().Condition(ConditionTypes.Ready)!.Reason, Is.EqualTo("LastRunFailed"), "the next one says nothing before it has ended");
        Assert.That(next.At("13:31:00").Ended(succeeded: false).Decide().Events.Single().Reason, Is.EqualTo(Reason.LastRunFailed));
        Assert.That(next.At("13:31:00").Ended(succeeded: true).Decide().Condition(ConditionTypes.Ready)!.Status, Is.EqualTo("True"));
    }

    [TestCase(ConcurrencyPolicy.Forbid, 0, 0)]
    [TestCase(ConcurrencyPolicy.Allow, 1, 0)]
    [TestCase(ConcurrencyPolicy.Replace, 1, 1)]
    public void A_run_that_takes_longer_than_its_period_obeys_the_policy(string policy, int created, int deleted)
    {
        var next = ScheduleStage.Running(spec => spec with { ConcurrencyPolicy = policy }).At("13:30:00").Stored().Decide();
        Assert.That(next.Actions.Count(action => action is ScheduleAction.CreateBackupJob), Is.EqualTo(created));
        Assert.That(next.Actions.Count(action => action is ScheduleAction.DeleteBackupJob), Is.EqualTo(deleted));
    }

    [Test]
    public void Suspended_nothing_runs_and_it_is_said()
    {
        var suspended = ScheduleStage.Fresh(spec => spec with { Suspend = true }).Stored().At("12:30:00");
        Assert.That(suspended.Decide().Status.LastRun, Is.Null);
        Assert.That(suspended.Decide().Status.NextScheduleTime, Is.Null);
        Assert.That(suspended.Decide().Condition(ConditionTypes.Ready)!.Reason, Is.EqualTo("Suspended"));
        Assert.That(suspended.Decide().Events, Is.Empty);
    }

    [Test]
    public void The_time_zone_moves_the_ticks()
    {
        var next = ScheduleStage.Fresh(spec => spec with { Schedule = "0 13 * * *", TimeZone = "Asia/Kolkata" }).Decide().Status.NextScheduleTime;
        Assert.That(next, Is.EqualTo(new DateTimeOffset(2026, 11, 23, 7, 30, 0, TimeSpan.Zero)));
    }

    [Test]
    public void Later_than_the_starting_deadline_a_tick_is_missed()
    {
        var late = ScheduleStage.Fresh(spec => spec with { StartingDeadlineSeconds = 60 }).Stored().At("15:45:00").Decide();
        Assert.That((late.Status.MissedRuns, late.Status.LastRun), Is.EqualTo(((long?)4, (ScheduleRun?)null)));
        Assert.That(late.Events.Single(happened => happened.Reason == Reason.Missed).Message, Does.Contain("4 runs").And.Contain("2026-11-22 15:30:00Z").And.Contain("spec.startingDeadlineSeconds"));
        Assert.That(ScheduleStage.Fresh().Stored().At("15:45:00").Decide().Status.LastRun!.ScheduledFor, Is.EqualTo(A.Noon.AddHours(3.5)), "without a deadline one run makes up for all");
    }

    [TestCase("0 0 31 2 *", "UTC", "spec.schedule: day of month")]
    [TestCase("30 * * * *", "Mars/Olympus", "spec.timeZone")]
    public void A_schedule_that_can_not_be_read_is_refused_and_named(string schedule, string zone, string told)
    {
        var decision = ScheduleStage.Fresh(spec => spec with { Schedule = schedule, TimeZone = zone }).Decide();
        Assert.That(decision.Condition(ConditionTypes.Accepted), Has.Property("Status").EqualTo("False").And.Property("Reason").EqualTo("InvalidSpec").And.Property("Message").StartsWith(told));
        Assert.That((decision.Actions.Count, decision.WakeAt, decision.Status.NextScheduleTime), Is.EqualTo((0, (DateTimeOffset?)null, (DateTimeOffset?)null)));
        Assert.That(decision.Events.Single().Reason, Is.EqualTo(Reason.InvalidSpec));
    }

    [Test]
    public void A_schedule_that_is_edited_does_not_make_up_for_this_morning()
    {
        var stored = ScheduleStage.Fresh(spec => spec with { Schedule = "0 23 * * *" }).Stored();
        var edited = stored with { Now = A.Noon.AddHours(8), Schedule = stored.Schedule with { Spec = stored.Schedule.Spec with { Schedule = "0 15 * * *" }, Metadata = stored.Schedule.Metadata with { Generation = 2 } } };
        var decision = edited.Selecting(A.Claim()).Decide();
        Assert.That((decision.Status.LastRun, decision.Status.NextScheduleTime), Is.EqualTo(((ScheduleRun?)null, (DateTimeOffset?)A.Noon.AddHours(27))));
    }

    [Test]
    public void Run_now_runs_once_and_a_value_that_is_no_time_is_told_once()
    {
        var asked = Annotated(ScheduleStage.Fresh().Stored(), "2026-11-22T12:00:00Z");
        Assert.That(asked.Decide().Status, Has.Property("LastRunNow").EqualTo("2026-11-22T12:00:00Z").And.Property("LastRun").Not.Null);
        Assert.That(asked.Stored().Acted().Stored().At("12:05:00").Ended(succeeded: true).Stored().Decide().Status.LastRun!.ScheduledFor, Is.EqualTo(A.Noon));

        var wrong = Annotated(ScheduleStage.Fresh().Stored(), "now");
        Assert.That(wrong.Decide().Events.Single().Message, Does.StartWith("ros.io/run-now: 'now' is not a time"));
        Assert.That(wrong.Stored().Decide().Events, Is.Empty);
        Assert.That(wrong.Decide().Status.LastRun, Is.Null);
    }

    [Test]
    public void A_deleted_schedule_is_left_alone()
    {
        var deleted = ScheduleStage.Running();
        deleted = deleted with { Now = A.Noon.AddDays(1), Schedule = deleted.Schedule with { Metadata = deleted.Schedule.Metadata with { DeletionTimestamp = A.Noon } } };
        Assert.That((deleted.Decide().Actions.Count, deleted.Decide().WakeAt), Is.EqualTo((0, (DateTimeOffset?)null)));
    }

    private static ScheduleObservation Annotated(ScheduleObservation observation, string value) => observation with
    {
        Schedule = observation.Schedule with { Metadata = observation.Schedule.Metadata with { Annotations = new Dictionary<string, string> { [WellKnown.RunNowAnnotation] = value } } },
    };

    private static Controller.Projections.ClaimProjection Claim(int index) =>
        A.Claim().With(claim => claim with { Name = claim.Name with { Name = $"claim-{index}" }, Uid = $"11111111-2222-4333-8444-{index:000000000000}" });
}
