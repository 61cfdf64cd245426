using Walle.Controller.Pipeline.GroupSnapshots;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>
/// Step 6, after the result has been written: Jobs (and their Pods), then the clone, then the snapshot, since a snapshot cannot go while a pending
/// claim uses it. Only objects whose controller is this BackupJob are touched, each with a UID precondition.
/// </summary>
internal static class CleanupStep
{
    /// <summary>After this time the BackupJob is let go of, whatever is left; cleaning goes on in the background.</summary>
    public static readonly TimeSpan LetGoAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    /// <summary>No event tells that a group or its members are gone.</summary>
    private static readonly TimeSpan LookAgainForGroup = TimeSpan.FromSeconds(2);

    // A timer takes 49 days at most, and the clock may have been set meanwhile.
    private static readonly TimeSpan LookForEndOfLife = TimeSpan.FromHours(12);

    /// <summary>A deleted BackupJob whose end could not even be written down (a status write is refused) is let go of all the same.</summary>
    public static bool MustLetGo(BackupObservation observation) =>
        observation.Job.Metadata.DeletionTimestamp is { } deleted && HasFinalizer(observation) && observation.Now >= deleted + LetGoAfter + LookAgain;

    public static PipelineDecision Decide(BackupObservation observation, BackupJobStatus status)
    {
        var since = observation.Job.Metadata.DeletionTimestamp is { } deleted && deleted > status.CompletionTime ? deleted : status.CompletionTime ?? observation.Now;
        var deadline = new Deadline(since, LetGoAfter, observation.Now);
        var (action, left) = Next(observation, status);
        if (left is null && observation.ConfirmedGone)
        {
            return Finish(observation, BackupPhases.Derive(status.IsTrue(ConditionTypes.CleanedUp) ? status : status.Reached(ConditionTypes.CleanedUp, Reason.CleanedUp, "no temporary object is left", observation)));
        }

        if (!deadline.HasPassed)
        {
            return new PipelineDecision(BackupPhases.Derive(status), action, GroupSnapshotStep.IsUsed(status) ? LookAgainForGroup : LookAgain);
        }

        var refused = observation.ActionFailure is { } failure ? $" ({failure.Message})" : "";
        var stuck = status.With(ConditionTypes.CleanedUp, ConditionStatus.False, Reason.CleanupTimeout,
            $"not gone after {Display.Duration(LetGoAfter)}: {left ?? "an object that the API server still lists"}{refused}; look at its finalizers with: kubectl -n {observation.Namespace} get job,pvc,volumesnapshot -l {Crds.WellKnown.OwnerUidLabel}={observation.Uid} -o yaml", observation);
        var derived = BackupPhases.Derive(stuck);
        return HasFinalizer(observation)
            ? new PipelineDecision(derived, new PipelineAction.RemoveFinalizer(), LookAgain)
            : new PipelineDecision(derived, action, LookAgain);
    }

    /// <summary>All is clean: let go of the BackupJob, and delete it when its time to live is over.</summary>
    private static PipelineDecision Finish(BackupObservation observation, BackupJobStatus status)
    {
        if (HasFinalizer(observation))
        {
            return new PipelineDecision(status, new PipelineAction.RemoveFinalizer());
        }

        if (observation.Options.TtlSecondsAfterFinished is not { } ttl || observation.Job.Metadata.DeletionTimestamp is not null)
        {
            return new PipelineDecision(status);
        }

        var life = new Deadline(status.CompletionTime ?? observation.Now, TimeSpan.FromSeconds(ttl), observation.Now);
        return life.HasPassed ? new PipelineDecision(status, new PipelineAction.DeleteBackupJob()) : new PipelineDecision(status, RequeueAfter: life.Remaining < LookForEndOfLife ? life.Remaining : LookForEndOfLife);
    }

    private static (PipelineAction? Action, string? Left) Next(BackupObservation observation, BackupJobStatus status)
    {
        var uid = observation.Uid;
        var jobs = observation.Jobs.Where(job => job.ControllerUid == uid).ToList();
        if (jobs.Find(job => !job.Deleting) is { } job)
        {
            return (new PipelineAction.DeleteJob(job.Name.Name, job.Uid), $"Job {job.Name.Name}");
        }

        if (jobs.Count > 0)
        {
            return (null, $"Job {jobs[0].Name.Name}");
        }

        if (observation.Pods.Count > 0)
        {
            // The garbage collector deletes them; the clone must not be detached under a running worker.
            return (null, $"Pod {observation.Pods[0].Name.Name}");
        }

        // Of a workload: all that can be asked for is, and what is being deleted is waited for.
        IReadOnlyList<BackupObservation> parts = observation.IsWorkload ? observation.Parts : [observation];
        var clones = parts.Select(part => part.CloneClaim).OfType<ClaimProjection>().Where(clone => clone.ControllerUid == uid).OrderBy(clone => clone.Deleting).ToList();
        if (clones.Count > 0)
        {
            return (clones[0].Deleting ? null : new PipelineAction.DeleteClone(clones[0].Name.Name, clones[0].Uid), $"PersistentVolumeClaim {clones[0].Name.Name}");
        }

        if (observation.Group is { } group && group.ControllerUid == uid)
        {
            return (group.Deleting ? null : new PipelineAction.DeleteGroupSnapshot(status.VolumeGroupSnapshot!.Version!, group.Name, group.Uid), $"VolumeGroupSnapshot {group.Name}");
        }

        var snapshots = parts.Select(part => part.Snapshot).OfType<SnapshotProjection>().Where(snapshot => snapshot.ControllerUid == uid).OrderBy(snapshot => snapshot.Deleting).ToList();
        // Without their group members go by themselves: the snapshot controller or the garbage collector deletes them.
        if (GroupSnapshotStep.IsUsed(status) && snapshots.Count > 0)
            return (null, $"VolumeSnapshot {snapshots[0].Name.Name}");
        return snapshots.Count > 0
            ? (snapshots[0].Deleting ? null : new PipelineAction.DeleteSnapshot(snapshots[0].Name.Name, snapshots[0].Uid), $"VolumeSnapshot {snapshots[0].Name.Name}")
            : (null, null);
    }

    private static bool HasFinalizer(BackupObservation observation) => observation.Job.Metadata.Finalizers?.Contains(Crds.WellKnown.Finalizer) == true;
}
