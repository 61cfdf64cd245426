using NUnit.Framework;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Pipeline.Schedules;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Maintenance;

public class MaintenancePipelineTests
{
    private static readonly WorkerResult Pruned = new() { ExitCode = 0, Forgotten = 2, Kept = 5, BytesRemoved = 4096 };
    private static readonly WorkerResult Clean = new() { ExitCode = 0 };
    private static readonly WorkerResult Damaged = new() { ExitCode = 1, Reason = nameof(Reason.RepositoryDamaged), Message = "1 errors: pack 5a84 is broken" };
    private static readonly DateTimeOffset Four = A.Noon.AddHours(16);
    private readonly MaintenanceStage _stage = new();

    [Test]
    public void What_was_due_before_it_stood_in_the_spec_is_not_made_up_for()
    {
        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.ScheduledFor, _stage.Prune.CountedFrom, _stage.Jobs.Count), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)A.Noon, 0)));
    }

    [Test]
    public void A_prune_waits_for_the_repository_and_its_worker_is_in_the_status_before_it_is_made()
    {
        Due();
        _stage.IsFree = false;
        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.Result, _stage.Prune.StartedAt, _stage.Jobs.Count), Is.EqualTo(("WaitingForRepository", (DateTimeOffset?)null, 0)));
        Assert.That(_stage.Prune.Message, Does.Contain("2 backups use the repository"));
        _stage.IsFree = true;
        Assert.That(_stage.Step().Action, Is.Null);
        Assert.That((_stage.Prune.Result, _stage.Prune.StartedAt, _stage.Jobs.Count), Is.EqualTo(("InProgress", (DateTimeOffset?)_stage.Now, 0)));
        Assert.That(_stage.Step().Action, Is.TypeOf<ScheduleAction.CreateJob>());
    }

    [Test]
    public void A_prune_that_never_gets_the_repository_gives_up_until_its_next_time()
    {
        Due();
        _stage.IsFree = false;
        _stage.StepUntilIdle();
        _stage.Now += WaitingStep.Patience;
        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.Result, _stage.Prune.FinishedAt, _stage.Jobs.Count), Is.EqualTo(("MaintenanceDeferred", (DateTimeOffset?)_stage.Now, 0)));
        Assert.That(_stage.Events.ConvertAll(happened => happened.Reason), Is.EqualTo((Reason[])[Reason.MaintenanceDeferred]));
    }

    [Test]
    public void A_prune_that_succeeds_tells_its_numbers_and_leaves_no_Job()
    {
        Due();
        _stage.StepToWorker();
        _stage.End(Pruned);
        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.Result, _stage.Prune.Forgotten, _stage.Prune.Kept, _stage.Prune.BytesRemoved), Is.EqualTo(("Succeeded", (int?)2, (int?)5, (long?)4096)));
        Assert.That((_stage.Prune.FinishedAt, _stage.Prune.LastSuccessfulTime, _stage.Jobs.Count, _stage.Events.Count), Is.EqualTo(((DateTimeOffset?)_stage.Now, (DateTimeOffset?)_stage.Now, 0, 0)));
    }

    [Test]
    public void A_spec_that_becomes_invalid_gives_the_repository_back()
    {
        Due();
        _stage.StepToWorker();
        _stage.SpecIsInvalid = true;
        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.Result, _stage.Prune.FinishedAt, _stage.Jobs.Count), Is.EqualTo((nameof(Reason.Cancelled), (DateTimeOffset?)_stage.Now, 0)));
    }

    [Test]
    public void A_spec_that_becomes_invalid_while_it_waits_gives_its_place_up()
    {
        Due();
        _stage.IsFree = false;
        _stage.Step();
        _stage.SpecIsInvalid = true;
        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.Result, _stage.Prune.FinishedAt), Is.EqualTo((nameof(Reason.Cancelled), (DateTimeOffset?)_stage.Now)));
    }

    [Test]
    public void The_lock_of_a_killed_worker_is_removed_before_the_next_attempt()
    {
        Due();
        _stage.StepToWorker();
        var host = ((Controller.Projections.PodProjection)_stage.End(null)).Name.Name;
        var unlock = _stage.StepToWorker();
        Assert.That((unlock.Metadata.Labels[WellKnown.VerbLabel], unlock.Spec.Template.Spec.Hostname), Is.EqualTo((WorkerVerb.Unlock, host)));
        _stage.End(Clean);
        _stage.Now += TimeSpan.FromMinutes(1);
        var next = _stage.StepToWorker();
        Assert.That((next.Metadata.Labels[WellKnown.VerbLabel], next.Spec.Template.Spec.Hostname, _stage.Prune.Attempts), Is.EqualTo((WorkerVerb.Prune, (string?)null, (int?)2)));
        _stage.End(Pruned);
        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.Result, _stage.Prune.FailedAttempts, _stage.Jobs.Count), Is.EqualTo(("Succeeded", (int?)1, 0)));
    }

    [Test]
    public void A_worker_killed_each_time_ends_the_run_and_still_its_lock_is_removed()
    {
        Due();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            _stage.StepToWorker();
            _stage.End(null);
            Assert.That(_stage.StepToWorker().Metadata.Labels[WellKnown.VerbLabel], Is.EqualTo(WorkerVerb.Unlock));
            Assert.That(_stage.Prune.FinishedAt, Is.Null, "the repository is not given to others before that");
            _stage.End(Clean);
            _stage.Now += TimeSpan.FromMinutes(10);
        }

        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.Result, _stage.Prune.FinishedAt, _stage.Jobs.Count), Is.EqualTo(("ResultMissing", (DateTimeOffset?)_stage.Now, 0)));
        Assert.That(_stage.Events.ConvertAll(happened => happened.Reason), Is.EqualTo((Reason[])[Reason.ResultMissing]));
    }

    [Test]
    public void The_locks_of_dead_workers_are_removed_and_it_is_tried_again_as_if_nothing_had_failed()
    {
        Due();
        _stage.StepToWorker();
        _stage.Holders["walle-dead"] = LockHolder.Dead;
        _stage.End(Locked("walle-dead"));
        Assert.That(_stage.StepToWorker().Spec.Template.Spec.Hostname, Is.EqualTo("walle-dead"));
        _stage.End(Clean);
        Assert.That(_stage.StepToWorker().Metadata.Labels[WellKnown.VerbLabel], Is.EqualTo(WorkerVerb.Prune));
        Assert.That((_stage.Prune.Attempts, _stage.Prune.FailedAttempts), Is.EqualTo(((int?)2, (int?)0)));
    }

    [TestCase(LockHolder.Alive)]
    [TestCase(LockHolder.Foreign)]
    public void A_lock_of_somebody_alive_or_unknown_is_never_touched_even_beside_that_of_a_dead_worker(object holder)
    {
        Due();
        _stage.Holders["walle-dead"] = LockHolder.Dead;
        _stage.Holders["laptop"] = (LockHolder)holder;
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.That(_stage.StepToWorker().Metadata.Labels[WellKnown.VerbLabel], Is.EqualTo(WorkerVerb.Prune));
            _stage.End(Locked("walle-dead", "laptop"));
            _stage.Now += TimeSpan.FromMinutes(10);
        }

        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.Result, _stage.Prune.Message), Is.EqualTo(("RepositoryLocked", _stage.Prune.Message)));
        Assert.That(_stage.Prune.Message, Does.Contain("laptop since").And.Contain("restic unlock"));
    }

    [Test]
    public void A_blocked_prune_is_released_once_by_an_annotation_that_is_younger()
    {
        _stage.Annotations[WellKnown.ReleasePruneAnnotation] = "2026-11-01T00:00:00Z";
        Due();
        Assert.That(Arguments(_stage.StepToWorker()), Does.Not.Contain(WorkerOption.Released));
        _stage.End(new WorkerResult { ExitCode = 1, Reason = nameof(Reason.PruneBlocked), Message = "nothing was forgotten: /walle/shop/data would keep 1 of 3" });
        _stage.StepUntilIdle();
        Assert.That(_stage.Prune.Message, Does.Contain("would keep 1 of 3").And.Contain("kubectl -n shop annotate backupschedule nightly --overwrite ros.io/release-prune="));
        Assert.That(_stage.Events, Has.Count.EqualTo(1));

        _stage.Annotations[WellKnown.ReleasePruneAnnotation] = "2026-11-23T06:00:00Z";
        _stage.Now = Four.AddDays(1);
        Assert.That(Arguments(_stage.StepToWorker()), Does.Contain(WorkerOption.Released));
        _stage.End(Pruned);
        _stage.StepUntilIdle();
        _stage.Now = Four.AddDays(2);
        Assert.That(Arguments(_stage.StepToWorker()), Does.Not.Contain(WorkerOption.Released));
    }

    [Test]
    public void N_checks_read_every_part_and_one_that_failed_is_read_again()
    {
        _stage.Spec = _stage.Spec with { Prune = null };
        _stage.StepUntilIdle();
        List<string> parts = [];
        foreach (var result in (WorkerResult[])[Clean, Clean, new() { ExitCode = 2, Reason = nameof(Reason.InvalidCredentials), Message = "x" }, Clean, Clean])
        {
            _stage.Now += TimeSpan.FromDays(1);
            parts.Add(Arguments(_stage.StepToWorker())[^1]);
            _stage.End(result);
            _stage.StepUntilIdle();
        }

        Assert.That(parts, Is.EqualTo((string[])["1/3", "2/3", "3/3", "3/3", "1/3"]));
        Assert.That((_stage.Check.Part, _stage.Check.Of, _stage.Health?.Status), Is.EqualTo(((int?)1, (int?)3, "True")));
    }

    [Test]
    public void Damage_stops_retention_until_a_check_finds_the_same_part_whole()
    {
        _stage.StepUntilIdle();
        _stage.Annotations[WellKnown.CheckNowAnnotation] = "2026-11-22T12:00:00Z";
        _stage.StepToWorker();
        _stage.End(Damaged);
        _stage.StepUntilIdle();
        Assert.That((_stage.Health?.Status, _stage.Health?.Reason), Is.EqualTo(("False", "RepositoryDamaged")));
        Assert.That(_stage.Events[^1].Message, Does.Contain("pack 5a84 is broken").And.Contain("077_troubleshooting").And.Contain("ros.io/check-now="));

        _stage.Now = Four;
        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.Result, _stage.Jobs.Count), Is.EqualTo(("RepositoryDamaged", 0)));
        Assert.That(_stage.Prune.Message, Does.Contain("nothing is forgotten or pruned"));

        _stage.Annotations[WellKnown.CheckNowAnnotation] = "2026-11-23T04:10:00Z";
        _stage.Now = Four.AddMinutes(10);
        Assert.That(Arguments(_stage.StepToWorker()), Does.Contain("1/3"));
        _stage.End(Clean);
        _stage.StepUntilIdle();
        Assert.That(_stage.Health?.Status, Is.EqualTo("True"));
        _stage.Now = Four.AddDays(1);
        Assert.That(Arguments(_stage.StepToWorker())[0], Is.EqualTo(WorkerVerb.Prune));
    }

    [Test]
    public void A_backup_that_is_missing_in_the_repository_is_an_Event()
    {
        Due();
        _stage.StepToWorker();
        _stage.End(Pruned with { Missing = [A.SnapshotId] });
        _stage.StepUntilIdle();
        Assert.That((_stage.Prune.Result, _stage.Events[0].Reason), Is.EqualTo(("Succeeded", Reason.SnapshotMissing)));
        Assert.That(_stage.Events[0].Message, Does.Contain(A.SnapshotId[..8]));
    }

    [Test]
    public void Only_prune_gets_the_credentials_that_may_delete()
    {
        _stage.Spec = _stage.Spec with { Repository = _stage.Spec.Repository with { MaintenanceSecretRef = new SecretReference { Name = "may-delete" } } };
        Due();
        Assert.That(SecretOf(_stage.StepToWorker()), Is.EqualTo("may-delete"));
        _stage.End(Pruned);
        _stage.StepUntilIdle();
        _stage.Now = Four.AddHours(1);
        Assert.That(SecretOf(_stage.StepToWorker()), Is.EqualTo(A.Secret));

        static string SecretOf(k8s.Models.V1Job job) => job.Spec.Template.Spec.Containers[0].Env.First(variable => variable.Name == "RESTIC_PASSWORD").ValueFrom.SecretKeyRef.Name;
    }

    [Test]
    public void Every_field_of_retention_and_prune_reaches_the_worker()
    {
        _stage.Spec = _stage.Spec with
        {
            Retention = new RetentionPolicy { KeepLast = 1, KeepHourly = 2, KeepDaily = 3, KeepWeekly = 4, KeepMonthly = 5, KeepYearly = 6, KeepWithin = "7d", KeepTags = ["a", "b"], MinKeep = 8 },
            Prune = new PruneSpec { Schedule = "0 4 * * *", MaxUnused = "9%", MaxRepackSize = "10G" },
        };
        Due();
        Assert.That(string.Join(' ', Arguments(_stage.StepToWorker())), Is.EqualTo(
            "prune --host prod-1 --namespace shop --schedule nightly --retry-lock 2m --keep-last 1 --keep-hourly 2 --keep-daily 3 --keep-weekly 4 --keep-monthly 5 --keep-yearly 6 --keep-within 7d "
            + "--keep-tag a --keep-tag b --min-keep 8 --max-unused 9% --max-repack-size 10G"));
    }

    [Test]
    public void Suspended_it_prunes_nothing()
    {
        _stage.Spec = _stage.Spec with { Suspend = true };
        Due();
        _stage.StepUntilIdle();
        Assert.That(_stage.Jobs, Is.Empty);
    }

    private void Due()
    {
        _stage.StepUntilIdle();
        _stage.Now = Four;
    }

    private static IList<string> Arguments(k8s.Models.V1Job job) => job.Spec.Template.Spec.Containers[0].Args;

    private static WorkerResult Locked(params string[] hosts) => new()
    {
        ExitCode = 11, Reason = nameof(Reason.RepositoryLocked), Message = "locked", Locks = [.. hosts.Select(host => new RepositoryLock { Id = A.SnapshotId, Host = host, Time = A.Noon })],
    };
}
