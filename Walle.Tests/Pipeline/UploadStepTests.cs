using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>Steps 4 and 5: the worker's Job, from its creation to its success.</summary>
internal sealed class UploadStepTests
{
    private const string Step = ConditionTypes.Uploaded;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Active = TimeSpan.FromHours(6);

    [Test]
    public void The_worker_is_made_once_the_attempt_is_in_the_status()
    {
        var job = Expect.Acts<PipelineAction.CreateJob>(Stage.Starting()).Manifest;
        Assert.That(job.Metadata.Name, Is.EqualTo(ResourceNames.BackupJob(A.Uid, 1)));
        Assert.That(job.Spec.ActiveDeadlineSeconds, Is.EqualTo(21_600));
    }

    [Test]
    public void The_jobs_deadline_is_what_is_left_of_the_uploads() => Assert.That(
        Expect.Acts<PipelineAction.CreateJob>(Stage.Starting().After(TimeSpan.FromHours(1))).Manifest.Spec.ActiveDeadlineSeconds, Is.EqualTo(18_000));

    [Test]
    public void A_worker_that_is_being_started_is_no_news()
    {
        foreach (var started in new[] { Stage.Started(), Stage.Started().WithPod(A.Pod()), Stage.Started().WithPod(A.Pod().Waiting("ContainerCreating")) })
        {
            Expect.Waits(started.Decide(), Step, Reason.InProgress, StartTimeout);
            Assert.That(BackupJobClient.Differs(started.Job.Status, started.Decide().Status), Is.False);
        }
    }

    [Test]
    public void A_running_worker_is_told_once()
    {
        Expect.Waits(Stage.Started().WithPod(A.Pod().Running()).Decide(), Step, Reason.InProgress, Active, "uploading");
        Assert.That(BackupJobClient.Differs(Stage.Uploading().Job.Status, Stage.Uploading().After(TimeSpan.FromHours(1)).Decide().Status), Is.False);
    }

    private static IEnumerable<TestCaseData> HeldUp()
    {
        yield return new TestCaseData(A.Pod().Waiting("ErrImagePull", "not found"), Reason.ImagePullFailed, new[] { "walle/worker:dev", "not found" }).SetName("Image_that_cannot_be_pulled");
        yield return new TestCaseData(A.Pod().Waiting("InvalidImageName", "couldn't parse"), Reason.ImagePullFailed, new[] { "couldn't parse" }).SetName("Image_name_that_is_none");
        yield return new TestCaseData(A.Pod().Waiting("CreateContainerConfigError", "secret \"restic-repo\" not found"), Reason.SecretNotFound, new[] { "restic-repo", "kubectl -n shop create secret generic restic-repo" }).SetName("Secret_missing");
        yield return new TestCaseData(A.Pod().Waiting("CreateContainerConfigError", "couldn't find key RESTIC_PASSWORD in Secret shop/restic-repo"), Reason.SecretKeyMissing, new[] { "RESTIC_PASSWORD", "edit secret restic-repo" }).SetName("Secret_without_password");
    }

    [TestCaseSource(nameof(HeldUp))]
    public void What_holds_the_worker_up_is_told_at_once_and_ends_at_startTimeoutSeconds(object pod, Reason reason, string[] words)
    {
        var held = Stage.Started().WithPod((PodBuilder)pod);
        Expect.Waits(held.Decide(), Step, reason, StartTimeout, words);
        Expect.Fails(held.Stored().After(StartTimeout).Decide(), Step, reason, [.. words, "startTimeoutSeconds"]);
    }

    private static IEnumerable<TestCaseData> NotStarted()
    {
        yield return new TestCaseData(null, new[] { "describe job" }).SetName("No_Pod_is_made");
        yield return new TestCaseData(A.Pod().Unschedulable("0/3 nodes are available: 3 Insufficient memory."), new[] { "Insufficient memory" }).SetName("No_node_has_room");
        yield return new TestCaseData(A.Pod().Waiting("ContainerCreating"), new[] { "describe pod" }).SetName("The_volume_is_not_mounted");
        yield return new TestCaseData(A.Pod().Waiting("CreateContainerError", "context deadline exceeded"), new[] { "CreateContainerError", "context deadline exceeded" }).SetName("The_runtime_fails");
        yield return new TestCaseData(A.Pod().Waiting("CreateContainerConfigError", "container has runAsNonRoot"), new[] { "runAsNonRoot" }).SetName("A_config_error_that_is_not_the_Secrets");
    }

    [TestCaseSource(nameof(NotStarted))]
    public void A_worker_that_does_not_start_in_time_says_why(object? pod, string[] words)
    {
        var started = pod is PodBuilder builder ? Stage.Started().WithPod(builder) : Stage.Started();
        Expect.Waits(started.Decide(), Step, Reason.InProgress, StartTimeout);
        Expect.Fails(started.After(StartTimeout).Decide(), Step, Reason.StartTimeout, words);
    }

    [Test]
    public void kubelets_alternation_while_it_pulls_is_written_once()
    {
        var told = Stage.Started().WithPod(A.Pod().Waiting("ErrImagePull", "not found")).Stored();
        Assert.That(BackupJobClient.Differs(told.Job.Status, told.WithPod(A.Pod().Waiting("ImagePullBackOff", "Back-off pulling image")).Decide().Status), Is.False);
    }

    [Test]
    public void A_worker_that_replaces_a_disrupted_one_has_its_own_time_to_start()
    {
        var running = Stage.Uploading().After(TimeSpan.FromHours(2));
        var between = (running with { Pods = [] }).Stored();
        Expect.Waits(between.Decide(), Step, Reason.InProgress, Active, "being replaced");
        var replaced = between.WithPod(A.Pod().CreatedAt(between.Now)).Stored();
        Expect.Waits(replaced.After(TimeSpan.FromMinutes(4)).Decide(), Step, Reason.InProgress, TimeSpan.FromMinutes(1));
        Expect.Fails(replaced.After(StartTimeout).Decide(), Step, Reason.StartTimeout);
        Assert.That(replaced.After(StartTimeout).WithPod(A.Pod().Running()).Decide().Status.Find(Step)!.Message, Does.Contain("uploading"));
    }

    [Test]
    public void A_disrupted_worker_that_left_a_result_is_not_the_end_while_its_Job_lives() => Expect.Waits(
        Stage.Uploading().WithPod(A.Pod().Failed(1, Reason.Cancelled).Disrupted()).Decide(), Step, Reason.InProgress, Active, "being replaced");

    [Test]
    public void A_run_over_its_deadline_ends_while_the_worker_runs() =>
        Expect.Fails(Stage.Uploading().After(Active).Decide(), Step, Reason.DeadlineExceeded, "6h0m", "activeDeadlineSeconds");

    [Test]
    public void An_attempt_that_cannot_begin_ends_with_the_deadline() =>
        Expect.Fails(Stage.Starting().After(Active).Decide(), Step, Reason.DeadlineExceeded, "6h0m");

    [Test]
    public void A_success_after_the_deadline_is_a_success() =>
        Assert.That(Stage.Uploading().After(TimeSpan.FromDays(2)).WithPod(A.Pod().Succeeded()).Decide().Status.IsTrue(ConditionTypes.Complete), "the controller may have been away");

    [Test]
    public void Success_needs_restics_exit_code_and_the_snapshots_id()
    {
        var status = Stage.Uploading().WithPod(A.Pod().Succeeded()).Decide().Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.IsTrue(ConditionTypes.Complete));
            Assert.That(status.IsTrue(Step));
            Assert.That(status.Find(ConditionTypes.Failed), Is.Null);
            Assert.That(status.Reason, Is.EqualTo("Succeeded"));
            Assert.That(status.Message, Does.Contain("4f0c1d2e").And.Contain("2 KiB"));
            Assert.That(status.Added, Is.EqualTo("2 KiB"));
            Assert.That(status.Phase, Is.EqualTo(BackupPhase.CleaningUp));
            Assert.That(status.Volumes![0], Is.EqualTo(Stage.Uploading().Job.Status!.Volumes![0] with
            {
                ResticSnapshotId = A.SnapshotId,
                ShortId = "4f0c1d2e",
                ParentId = A.OldSnapshotId,
                FilesNew = 3,
                FilesChanged = 2,
                FilesUnmodified = 1,
                BytesProcessed = 4096,
                BytesAdded = 2048,
                DurationSeconds = 1.5,
                RestoreCommand = $"restic restore {A.SnapshotId} --target ./data",
            }));
        }
    }

    [TestCase("""{"exitCode":0}""")]
    [TestCase("""{"exitCode":0,"snapshotId":""}""")]
    [TestCase("""{"exitCode":0,"snapshotId":"4f0c"}""")]
    [TestCase("""{"exitCode":0,"snapshotId":"zz0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e4f0c1d2e"}""")]
    public void An_exit_0_that_names_no_snapshot_is_never_a_backup(string message) =>
        Expect.Fails(Stage.Uploading().WithPod(A.Pod().Ended(0, message, "Completed")).Decide(), Step, Reason.ResultMissing, "never taken for a backup");

    [Test]
    public void A_parent_id_that_is_none_is_left_out()
    {
        var message = $$"""{"exitCode":0,"snapshotId":"{{A.SnapshotId}}","parentId":"{{new string('a', 65)}}"}""";
        Assert.That(Stage.Uploading().WithPod(A.Pod().Ended(0, message)).Decide().Status.Volumes![0].ParentId, Is.Null, "it would not fit the schema, and the status could never be written");
    }

    [Test]
    public void A_skipped_run_succeeds_with_the_parents_id()
    {
        var message = $$"""{"exitCode":0,"snapshotId":"{{A.OldSnapshotId}}","skipped":true}""";
        var status = Stage.Uploading().WithPod(A.Pod().Ended(0, message)).Decide().Status;
        Assert.That(status.IsTrue(ConditionTypes.Complete));
        Assert.That(status.Message, Does.Contain("nothing has changed since snapshot aaaa1d2e"));
        Assert.That(status.Volumes![0].Skipped, Is.True);
    }

    [Test]
    public void An_OOM_event_of_a_worker_that_ended_well_is_no_failure()
    {
        var message = $$"""{"exitCode":0,"snapshotId":"{{A.SnapshotId}}"}""";
        Assert.That(Stage.Uploading().WithPod(A.Pod().Ended(0, message, "OOMKilled")).Decide().Status.IsTrue(ConditionTypes.Complete));
    }

    [Test]
    public void A_clone_that_is_gone_before_the_worker_is_lost()
    {
        Expect.Fails((Stage.Starting() with { CloneClaim = null }).Decide(), Step, Reason.CloneLost);
        Expect.Fails((Stage.Starting() with { CloneClaim = A.CloneClaim().Bound().Deleting() }).Decide(), Step, Reason.CloneLost);
    }

    [Test]
    public void A_Job_that_somebody_deletes_is_waited_out_and_made_again()
    {
        var deleting = Stage.Uploading().After(TimeSpan.FromHours(1)) with { Pods = [], Jobs = [A.WorkerJob().Deleting()] };
        Expect.Waits(deleting.Decide(), Step, Reason.InProgress, Active, "made again");
        Expect.Acts<PipelineAction.CreateJob>(deleting with { Jobs = [] });
    }

    [Test]
    public void Never_two_workers_at_a_time()
    {
        var orphan = Stage.Uploading() with { Jobs = [] };
        Assert.That(orphan.Decide().Action, Is.Null, "its Job is gone and it is being stopped");
        Assert.That(orphan.Decide().RequeueAfter, Is.Not.Null);
        Expect.Acts<PipelineAction.CreateJob>(orphan.WithPod(A.Pod().Ended(1, null)));
    }

    [Test]
    public void A_Job_of_another_controller_is_not_looked_at() =>
        Expect.Acts<PipelineAction.CreateJob>(Stage.Starting() with { Jobs = [A.WorkerJob().Complete().With(job => job with { ControllerUid = "another" })] });

    [Test]
    public void A_Pod_of_another_Job_is_not_looked_at()
    {
        PodBuilder forged = A.Pod().Succeeded().With(pod => pod with { ControllerUid = "another" });
        Expect.Waits(Stage.Started().WithPod(forged).Decide(), Step, Reason.InProgress, StartTimeout);
    }

    [Test]
    public void A_passing_refusal_is_told_tried_again_and_ends_with_the_deadline() => Refusals.PassOrEnd(Stage.Starting(), Step, Active);

    [Test]
    public void A_final_refusal_ends_at_once() => Expect.Fails(
        (Stage.Starting() with { ActionFailure = new ActionFailure(Reason.InvalidSpec, "spec.template: Invalid value", IsFinal: true) }).Decide(), Step, Reason.InvalidSpec, "spec.template");
}
