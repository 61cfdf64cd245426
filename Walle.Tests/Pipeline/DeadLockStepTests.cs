using System.Text.Json;
using k8s.Models;
using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Controller.Projections;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.Json;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>A backup that runs into the lock of a worker that is gone.</summary>
internal sealed class DeadLockStepTests
{
    private const string Host = "walle-0123456789abcdef0123-x7k2p";

    [Test]
    public void The_lock_of_a_dead_worker_is_removed_and_the_next_attempt_follows_at_once()
    {
        var locked = Locked(LockHolder.Dead);
        var status = locked.Decide().Status;
        Assert.Multiple(() =>
        {
            Assert.That((status.Attempts, status.FailedAttempts), Is.EqualTo(((int?)2, (int?)0)), "the backup did nothing wrong");
            Assert.That(status.Message, Does.Contain(Host).And.Contain("being removed"));
        });

        var unlock = Created(locked.Stored());
        Assert.That((unlock.Metadata.Labels[WellKnown.VerbLabel], unlock.Spec.Template.Spec.Hostname), Is.EqualTo((WorkerVerb.Unlock, Host)));

        JobProjection job = A.WorkerJob();
        var removing = locked.Stored() with { Jobs = [A.WorkerJob(), job with { Name = job.Name with { Name = unlock.Metadata.Name }, Uid = "unlock-uid", Verb = WorkerVerb.Unlock }] };
        Assert.That(removing.Decide().Action, Is.Null, "it is waited for");

        PodProjection pod = A.Pod().Succeeded();
        var removed = removing with { Pods = [.. removing.Pods, pod with { ControllerUid = "unlock-uid" }] };
        Assert.That(Created(removed).Metadata.Name, Is.EqualTo(ResourceNames.BackupJob(A.Uid, 2)));
    }

    [TestCase(LockHolder.Alive)]
    [TestCase(LockHolder.Foreign)]
    public void Nobody_elses_lock_is_touched(object holder)
    {
        var locked = Locked((LockHolder)holder);
        var waiting = locked.Stored();
        Assert.That(waiting.Job.Status!.FailedAttempts, Is.EqualTo(1));
        Assert.That(waiting.Decide().Action, Is.Null, "it backs off");
        Assert.That(Created(waiting.After(TimeSpan.FromMinutes(10))).Metadata.Name, Is.EqualTo(ResourceNames.BackupJob(A.Uid, 2)));
    }

    [Test]
    public void A_lock_that_can_not_be_removed_does_not_keep_the_next_attempt_from_being_made()
    {
        var refused = Locked(LockHolder.Dead).Stored() with { ActionFailure = new ActionFailure(Reason.QuotaExceeded, "exceeded quota: jobs", IsFinal: false) };
        Assert.That(Created(refused).Metadata.Name, Is.EqualTo(ResourceNames.BackupJob(A.Uid, 2)));
    }

    private static BackupObservation Locked(LockHolder holder)
    {
        var result = new WorkerResult
        {
            ExitCode = WorkerExitCode.RepositoryLocked, Reason = nameof(Reason.RepositoryLocked), Message = "locked",
            Locks = [new RepositoryLock { Id = A.SnapshotId, Host = Host, Time = A.Noon, Exclusive = true }],
        };
        var pod = A.Pod().Ended(WorkerExitCode.RepositoryLocked, JsonSerializer.Serialize(result, CrdJsonContext.Default.WorkerResult));
        return Stage.Uploading().WithPod(pod) with { Holders = new Dictionary<string, LockHolder> { [Host] = holder } };
    }

    private static V1Job Created(BackupObservation observation) => ((PipelineAction.CreateJob)observation.Decide().Action!).Manifest;
}
