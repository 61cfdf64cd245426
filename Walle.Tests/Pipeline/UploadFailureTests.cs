using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>What follows a failed worker.</summary>
internal sealed class UploadFailureTests
{
    private const string Step = ConditionTypes.Uploaded;

    private static BackupObservation FailedWith(Reason reason, int exitCode = 1) => Stage.Uploading().After(TimeSpan.FromMinutes(1)).WithPod(A.Pod().Failed(exitCode, reason));

    [TestCase(Reason.WrongPassword, 12)]
    [TestCase(Reason.InvalidCredentials, 2)]
    [TestCase(Reason.RepositoryFull, 1)]
    [TestCase(Reason.RepositoryAccessDenied, 1)]
    [TestCase(Reason.RepositoryDamaged, 1)]
    [TestCase(Reason.SourceUnreadable, 1)]
    [TestCase(Reason.EmptySource, 1)]
    [TestCase(Reason.ResticTooOld, 1)]
    public void What_a_retry_cannot_mend_fails_at_once(Reason reason, int exitCode)
    {
        var decision = FailedWith(reason, exitCode).Decide();
        Expect.Fails(decision, Step, reason, "it did not work");
        Assert.That(decision.Status, Has.Property("Phase").EqualTo(BackupPhase.CleaningUp).And.Property("FailedAttempts").EqualTo(1));
    }

    [TestCase(Reason.RepositoryUnreachable, 1, 1)]
    [TestCase(Reason.RepositoryLocked, 11, 1)]
    [TestCase(Reason.ResticFailed, 1, 1)]
    [TestCase(Reason.Cancelled, 1, 0)]
    public void What_can_pass_is_tried_again(Reason reason, int exitCode, int counted)
    {
        var status = FailedWith(reason, exitCode).Decide().Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(BackupResult.IsKnown(status), Is.False);
            Assert.That(status.Attempts, Is.EqualTo(2));
            Assert.That(status.FailedAttempts, Is.EqualTo(counted), "a worker that was told to stop did nothing wrong");
            Assert.That(status.Find(Step), Has.Property("Reason").EqualTo(reason.ToString()).And.Property("Message").Contains("attempt 1 failed and is tried again after 10s"));
        }
    }

    private static IEnumerable<TestCaseData> WithoutResult()
    {
        yield return new TestCaseData(A.Pod().Ended(137, null, "OOMKilled"), Reason.OutOfMemory, "resources.limits.memory").SetName("OOM");
        yield return new TestCaseData(A.Pod().Ended(137, "{\"exit", "Error"), Reason.ResultMissing, "exit code 137").SetName("A_garbled_message");
        yield return new TestCaseData(A.Pod().Ended(0, "hello", "Completed"), Reason.ResultMissing, "exit code 0").SetName("Exit_0_without_a_result_is_no_success");
        yield return new TestCaseData(A.Pod().Ended(0, "null", "Completed"), Reason.ResultMissing, "exit code 0").SetName("Exit_0_with_null");
        yield return new TestCaseData(A.Pod().Ended(137, "{\"exitCode\":0,\"snapshotId\":\"4f\"}"), Reason.ResticFailed, "exit code 0").SetName("A_result_that_the_exit_code_belies");
        yield return new TestCaseData(A.Pod().With(pod => pod with { Phase = "Failed", Reason = "Evicted", Message = "low on memory" }), Reason.Evicted, "low on memory").SetName("Evicted_before_it_started");
        yield return new TestCaseData(A.Pod().Ended(1, "{\"exitCode\":1,\"reason\":\"Succeeded\"}"), Reason.ResticFailed, "exit code 1").SetName("A_failure_that_says_Succeeded");
        yield return new TestCaseData(A.Pod().Ended(1, "{\"exitCode\":1,\"reason\":\"3\"}"), Reason.ResticFailed, "exit code 1").SetName("A_reason_by_number");
        yield return new TestCaseData(A.Pod().Ended(1, "{\"exitCode\":1,\"reason\":\"Nonsense\"}"), Reason.ResticFailed, "exit code 1").SetName("An_unknown_reason");
    }

    [TestCaseSource(nameof(WithoutResult))]
    public void A_worker_without_a_result_is_tried_again(object pod, Reason reason, string words)
    {
        var status = Stage.Uploading().WithPod((PodBuilder)pod).Decide().Status;
        Assert.That(status.Find(Step), Has.Property("Reason").EqualTo(reason.ToString()).And.Property("Message").Contains(words));
        Assert.That(status.Attempts, Is.EqualTo(2));
    }

    [Test]
    public void A_disrupted_worker_whose_Job_failed_is_tried_again_and_does_not_count()
    {
        var observation = Stage.Uploading() with { Jobs = [A.WorkerJob().Failed()] };
        var status = observation.WithPod(A.Pod().Ended(143, null).Disrupted()).Decide().Status;
        Assert.That(status, Has.Property("Reason").EqualTo("Evicted").And.Property("Attempts").EqualTo(2).And.Property("FailedAttempts").EqualTo(0));
    }

    [Test]
    public void A_Job_that_failed_with_no_Pod_left_is_tried_again_and_the_retry_does_begin()
    {
        var gone = Stage.Uploading().After(TimeSpan.FromMinutes(30)) with { Pods = [], Jobs = [A.WorkerJob().Failed()] };
        var retrying = gone.Stored();
        Assert.That(retrying.Job.Status, Has.Property("Reason").EqualTo("ResultMissing").And.Property("Attempts").EqualTo(2));
        Expect.Acts<PipelineAction.CreateJob>(retrying.After(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void An_evicted_Pod_that_tells_no_time_does_not_put_the_retry_off()
    {
        var evicted = Stage.Uploading().After(TimeSpan.FromMinutes(5)).WithPod(A.Pod().With(pod => pod with { Phase = "Failed", Reason = "Evicted" })).Stored();
        Expect.Acts<PipelineAction.CreateJob>(evicted.After(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_Job_that_is_complete_without_a_result_is_no_success()
    {
        var status = (Stage.Uploading() with { Pods = [], Jobs = [A.WorkerJob().Complete()] }).Decide().Status;
        Assert.That(status, Has.Property("Reason").EqualTo("ResultMissing"));
    }

    [Test]
    public void A_Job_that_ran_into_its_deadline_is_not_tried_again() => Expect.Fails(
        (Stage.Uploading() with { Pods = [], Jobs = [A.WorkerJob().Failed("DeadlineExceeded")] }).Decide(), Step, Reason.DeadlineExceeded, "activeDeadlineSeconds");

    [Test]
    public void The_back_off_doubles_from_the_workers_end()
    {
        var observation = FailedWith(Reason.RepositoryUnreachable).Stored();
        foreach (var (attempt, seconds) in new[] { (2, 10), (3, 20) })
        {
            observation = observation with { Now = A.Noon.AddMinutes(1).AddSeconds(seconds - 1) };
            Assert.That(observation.Decide(), Has.Property("Action").Null.And.Property("RequeueAfter").EqualTo(TimeSpan.FromSeconds(1)), $"attempt {attempt} is not due yet");
            observation = observation with { Now = A.Noon.AddMinutes(1).AddSeconds(seconds) };
            Assert.That(Expect.Acts<PipelineAction.CreateJob>(observation).Manifest.Metadata.Name, Is.EqualTo(ResourceNames.BackupJob(A.Uid, attempt)));
            observation = (observation with { Jobs = [.. observation.Jobs, A.WorkerJob(attempt)], Pods = [.. observation.Pods, A.PodOf(A.WorkerJob(attempt)).Failed(1, Reason.RepositoryUnreachable)] }).Stored();
        }

        Assert.That(observation.Job.Status!.Reason, Is.EqualTo("RepositoryUnreachable"));
        Assert.That(BackupResult.IsKnown(observation.Job.Status), "the third failure is over the limit of two retries");
    }

    [TestCase(0, 1)]
    [TestCase(1, 2)]
    [TestCase(4, 5)]
    public void retryLimit_is_how_often_it_is_tried_again(int limit, int attempts)
    {
        var observation = FailedWith(Reason.ResticFailed).WithOptions(new BackupOptions { RetryLimit = limit });
        Assert.That(AttemptsUntilTheEnd(observation, Reason.ResticFailed), Is.EqualTo(attempts));
    }

    [Test]
    public void Evictions_do_not_count_but_end_after_twenty_attempts() => Assert.That(AttemptsUntilTheEnd(FailedWith(Reason.Cancelled), Reason.Cancelled), Is.EqualTo(20));

    [Test]
    public void Exit_3_with_a_snapshot_is_a_partial_success_that_counts_as_failed()
    {
        var observation = Stage.Uploading().WithPod(A.Pod().Failed(3, Reason.SourceUnreadable, "7 files could not be read", A.SnapshotId));
        Expect.Fails(observation.Decide(), Step, Reason.SourceUnreadable, "7 files");
        var volume = observation.Decide().Status.Volumes![0];
        Assert.That(volume, Has.Property("ResticSnapshotId").EqualTo(A.SnapshotId).And.Property("UnreadableCount").EqualTo(7));
        var cleaned = observation.Stored() with { Jobs = [], Pods = [], CloneClaim = null, Snapshot = null, ConfirmedGone = true };
        Assert.That(cleaned.Decide().Status.Phase, Is.EqualTo(BackupPhase.PartiallySucceeded));
    }

    [Test]
    public void Exit_3_without_a_snapshot_is_a_failure()
    {
        var observation = FailedWith(Reason.SourceUnreadable, 3).Stored() with { Jobs = [], Pods = [], CloneClaim = null, Snapshot = null, ConfirmedGone = true };
        Assert.That(observation.Decide().Status.Phase, Is.EqualTo(BackupPhase.Failed));
    }

    private static int AttemptsUntilTheEnd(BackupObservation observation, Reason reason)
    {
        for (var attempt = 1; attempt < 50; attempt++)
        {
            var job = A.WorkerJob(attempt).CreatedAt(observation.Now);
            observation = (observation with { Jobs = [job], Pods = [A.PodOf(job).Failed(1, reason)] }).Stored().After(TimeSpan.FromMinutes(6));
            if (BackupResult.IsKnown(observation.Job.Status!))
            {
                return attempt;
            }
        }

        return int.MaxValue;
    }
}
