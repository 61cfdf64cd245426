using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline;

/// <summary>A BackupJob that is deleted before it ended.</summary>
internal sealed class CancellationTests
{
    private static IEnumerable<TestCaseData> Stages()
    {
        yield return new TestCaseData(Stage.Fresh()).SetName("Cancelled_before_acceptance");
        yield return new TestCaseData(Stage.Snapshotting()).SetName("Cancelled_before_the_snapshot");
        yield return new TestCaseData(Stage.Snapshotting() with { Snapshot = A.Snapshot() }).SetName("Cancelled_during_the_snapshot");
        yield return new TestCaseData(Stage.Cloning() with { CloneClaim = A.CloneClaim() }).SetName("Cancelled_during_the_clone");
        yield return new TestCaseData(Stage.Starting()).SetName("Cancelled_before_the_worker");
        yield return new TestCaseData(Stage.Uploading()).SetName("Cancelled_during_the_upload");
    }

    [TestCaseSource(nameof(Stages))]
    public void It_is_cancelled_cleaned_up_and_let_go_of(object stage)
    {
        var observation = (BackupObservation)stage;
        observation = observation with { Job = observation.Job with { Metadata = observation.Job.Metadata with { DeletionTimestamp = A.Noon } } };
        Expect.Ends(observation.Decide(), Reason.Cancelled, "deleted");
        observation = observation.Stored();
        var deleted = new List<string>();
        for (var turn = 0; turn < 20; turn++)
        {
            var decision = observation.Decide();
            observation = observation.WithStatus(decision.Status);
            switch (decision.Action)
            {
                case PipelineAction.DeleteJob: observation = observation with { Jobs = [], Pods = [] }; break;
                case PipelineAction.DeleteClone: observation = observation with { CloneClaim = null }; break;
                case PipelineAction.DeleteSnapshot: observation = observation with { Snapshot = null }; break;
                case PipelineAction.RemoveFinalizer:
                    Assert.That(observation.Job.Status!.Phase, Is.EqualTo(BackupPhase.Cancelled));
                    Assert.That(observation, Has.Property("CloneClaim").Null.And.Property("Snapshot").Null.And.Property("Jobs").Empty);
                    return;
                case null: observation = observation with { ConfirmedGone = observation is { Jobs.Count: 0, Pods.Count: 0, CloneClaim: null, Snapshot: null } }; break;
                default: Assert.Fail($"{decision.Action} in a cancelled run"); break;
            }

            deleted.Add(decision.Action?.GetType().Name ?? "-");
        }

        Assert.Fail($"the finalizer was never removed: {string.Join(' ', deleted)}");
    }

    [Test]
    public void A_result_that_stands_is_not_cancelled()
    {
        var ended = Stage.Ended();
        var deleted = ended with { Job = ended.Job with { Metadata = ended.Job.Metadata with { DeletionTimestamp = A.Noon.AddMinutes(1) } } };
        Assert.That(deleted.Decide().Status.IsTrue(ConditionTypes.Complete));
    }
}
