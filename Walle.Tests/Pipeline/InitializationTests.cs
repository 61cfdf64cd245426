using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>Exit code 10: there is no repository.</summary>
internal sealed class InitializationTests
{
    private const string Step = ConditionTypes.Uploaded;

    private static BackupObservation Missing() => Stage.Uploading().After(TimeSpan.FromMinutes(1)).WithPod(A.Pod().Failed(10, Reason.RepositoryNotFound));

    /// <summary>The status says that the repository is being initialised.</summary>
    private static BackupObservation Announced() => Missing().Stored();

    private static BackupObservation WithInit(JobBuilder init, params PodBuilder[] pods) =>
        Announced() with { Jobs = [A.WorkerJob(), init], Pods = [.. Announced().Pods, .. pods.Select(pod => (Controller.Projections.PodProjection)pod)] };

    [Test]
    public void A_missing_repository_is_initialised_by_a_Job_of_its_own()
    {
        Assert.That(Missing().Decide().Status.Find(Step)!.Message, Does.Contain("being initialised"));
        Assert.That(Expect.Acts<PipelineAction.CreateInitJob>(Announced()).Manifest.Metadata.Name, Is.EqualTo(ResourceNames.InitJob(A.Uid)));
        Assert.That(Announced().Decide().RequeueAfter, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(5)), "another one may hold the Lease: no event tells when it is free");
    }

    [Test]
    public void initialize_Never_is_obeyed()
    {
        var never = Announced() with { Job = A.BackupJob().WithInitialize(RepositoryInitialize.Never).WithStatus(Announced().Job.Status) };
        Expect.Fails(never.Decide(), Step, Reason.RepositoryNotFound, "spec.repository.initialize is Never", "restic init");
    }

    [Test]
    public void A_repository_that_was_reached_before_is_never_made_anew() =>
        Expect.Fails((Missing() with { RepositoryReachedAt = A.Noon.AddDays(-1) }).Decide(), Step, Reason.RepositoryVanished, "never created anew");

    [Test]
    public void A_repository_that_another_backup_made_meanwhile_is_tried_again()
    {
        var faster = (Missing() with { RepositoryReachedAt = A.Noon.AddSeconds(30) }).Stored();
        Assert.That(faster.Job.Status, Has.Property("Attempts").EqualTo(2));
        Expect.Acts<PipelineAction.CreateJob>(faster);
        var again = faster with { Jobs = [A.WorkerJob(2).CreatedAt(faster.Now)], Pods = [A.PodOf(A.WorkerJob(2)).Failed(10, Reason.RepositoryNotFound)] };
        Expect.Fails(again.Decide(), Step, Reason.RepositoryVanished);
    }

    [Test]
    public void An_initialisation_under_way_is_waited_for()
    {
        Expect.Waits(WithInit(A.InitJob()).Decide(), Step, Reason.InProgress, TimeSpan.FromSeconds(30), "being initialised");
        Expect.Waits(WithInit(A.InitJob(), A.PodOf(A.InitJob()).Running()).Decide(), Step, Reason.InProgress, TimeSpan.FromSeconds(30));
    }

    [Test]
    public void After_the_initialisation_its_Job_goes_at_once_and_the_upload_begins_anew_without_a_back_off()
    {
        var done = WithInit(A.InitJob(), A.PodOf(A.InitJob()).Ended(0, """{"exitCode":0}""")).Stored();
        Assert.That(done.Job.Status, Has.Property("InitializedRepository").EqualTo(true).And.Property("Attempts").EqualTo(2).And.Property("FailedAttempts").Null);
        Assert.That(Expect.Acts<PipelineAction.DeleteJob>(done).Name, Is.EqualTo(ResourceNames.InitJob(A.Uid)), "the next repository's initialisation waits for it");
        Expect.Acts<PipelineAction.CreateJob>(done with { Jobs = [A.WorkerJob()] });
        Expect.Acts<PipelineAction.CreateJob>(done with { Jobs = [A.WorkerJob(), A.InitJob().Deleting()] });
    }

    [Test]
    public void An_init_Job_that_may_not_be_deleted_does_not_hold_up_the_upload()
    {
        var done = WithInit(A.InitJob(), A.PodOf(A.InitJob()).Ended(0, """{"exitCode":0}""")).Stored();
        var refused = done with { ActionFailure = new ActionFailure(Reason.Forbidden, "cannot delete jobs", IsFinal: false) };
        Assert.That(refused.Decide().Action, Is.InstanceOf<PipelineAction.CreateJob>());
    }

    [Test]
    public void A_repository_that_is_not_found_after_its_initialisation_ends()
    {
        var status = Announced().Job.Status! with { InitializedRepository = true };
        Expect.Fails(Announced().WithStatus(status).Decide(), Step, Reason.RepositoryNotFound, "RESTIC_REPOSITORY");
    }

    [Test]
    public void A_failed_initialisation_ends_with_its_message() => Expect.Fails(
        WithInit(A.InitJob().Failed(), A.PodOf(A.InitJob()).Failed(1, Reason.RepositoryAccessDenied, "403 Access Denied")).Decide(), Step, Reason.InitializationFailed, "403 Access Denied", A.Secret);

    [Test]
    public void An_initialisation_that_never_begins_or_ends_is_over_with_the_uploads_deadline()
    {
        var later = TimeSpan.FromHours(6);
        Expect.Fails(Announced().After(later).Decide(), Step, Reason.DeadlineExceeded, "one repository is initialised at a time");
        Expect.Fails(WithInit(A.InitJob(), A.PodOf(A.InitJob()).Running()).After(later).Decide(), Step, Reason.DeadlineExceeded, "6h0m");
    }

    [Test]
    public void A_refused_init_Job_is_told_tried_again_and_ends() => Refusals.PassOrEnd(Announced(), Step, TimeSpan.FromHours(6));

    [Test]
    public void A_finally_refused_init_Job_ends_at_once() => Expect.Fails(
        (Announced() with { ActionFailure = new ActionFailure(Reason.NameConflict, "not ours", IsFinal: true) }).Decide(), Step, Reason.NameConflict, "not ours");

    [Test]
    public void A_second_initialisation_does_not_begin_beside_one_that_is_being_stopped()
    {
        var stopping = Announced() with { Pods = [.. Announced().Pods, A.PodOf(A.InitJob()).Running().Deleting()] };
        Assert.That(stopping.Decide(), Has.Property("Action").Null.And.Property("RequeueAfter").Not.Null);
    }
}
