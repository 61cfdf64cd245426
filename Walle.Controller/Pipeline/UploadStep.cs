using Walle.Controller.Pipeline.Manifests;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Steps 4 and 5: the worker's Job, its retries, and its result. Each attempt is a Job of its own with a numbered name.</summary>
internal static class UploadStep
{
    private const int DefaultStartTimeoutSeconds = 300;
    private const int DefaultActiveDeadlineSeconds = 21_600;

    /// <summary>The first attempt is announced in the status before its Job is made.</summary>
    public static BackupJobStatus Begin(BackupObservation observation, BackupJobStatus status)
    {
        if (status.Attempts is > 0)
        {
            return status;
        }

        var detection = ChangeDetectionRule.Resolve(observation.Options.ChangeDetection, observation.Previous);
        var (_, runsSince) = ChangeDetectionRule.FullRead(observation.Options.FullReadEvery, observation.Previous);
        var volume = status.Volumes![0] with { ChangeDetection = detection, RunsSinceFullRead = runsSince };
        return status.Pending(ConditionTypes.Uploaded, Reason.InProgress, "the worker is being started", observation) with { Attempts = 1, Volumes = [volume] };
    }

    public static PipelineDecision Decide(BackupObservation observation, BackupJobStatus status)
    {
        var deadline = new Deadline(
            status.Since(ConditionTypes.Uploaded, observation.Now), TimeSpan.FromSeconds(observation.Options.ActiveDeadlineSeconds ?? DefaultActiveDeadlineSeconds), observation.Now);
        var jobs = observation.Jobs.Where(job => job.ControllerUid == observation.Uid).ToList();
        var attempt = status.Attempts ?? 1;
        var current = jobs.Find(job => job.Name.Name == ResourceNames.BackupJob(observation.Uid, attempt));
        if (status.InitializedRepository == true && jobs.Find(job => job.Name.Name == ResourceNames.InitJob(observation.Uid) && !job.Deleting) is { } init)
        {
            // At once, not with the rest: the next repository's initialisation waits for it.
            return new PipelineDecision(BackupPhases.Derive(status), new PipelineAction.DeleteJob(init.Name.Name, init.Uid));
        }

        if (current is null)
        {
            return deadline.HasPassed
                ? BackupResult.Fail(observation, status, ConditionTypes.Uploaded, Reason.DeadlineExceeded, $"the upload did not end within {Display.Duration(deadline.Timeout)} (options.activeDeadlineSeconds); the last attempt: {status.Message}")
                : Start(observation, status, jobs, attempt, deadline);
        }

        var outcome = WorkerOutcome.Of(current, observation.Pods, observation);
        return outcome.State switch
        {
            WorkerState.Succeeded => Succeed(observation, status, outcome),
            WorkerState.Failed => UploadFailure.Decide(observation, status, outcome, jobs),
            _ when deadline.HasPassed => BackupResult.Fail(observation, status, ConditionTypes.Uploaded, Reason.DeadlineExceeded, $"the upload did not end within {Display.Duration(deadline.Timeout)} (options.activeDeadlineSeconds)"),
            WorkerState.NotStarted => AwaitStart(observation, status, current, outcome, deadline),
            _ => Wait(observation, status, Reason.InProgress, outcome.Message, deadline.Remaining),
        };
    }

    private static PipelineDecision Start(BackupObservation observation, BackupJobStatus status, List<JobProjection> jobs, int attempt, Deadline deadline)
    {
        if (observation.CloneClaim is null || observation.CloneClaim.Deleting)
        {
            return BackupResult.Fail(observation, status, ConditionTypes.Uploaded, Reason.CloneLost, "the temporary PersistentVolumeClaim was deleted by somebody; create a new BackupJob");
        }

        if (observation.ActionFailure is { } failure && (failure.IsFinal || deadline.HasPassed))
        {
            return BackupResult.Fail(observation, status, ConditionTypes.Uploaded, failure.Reason, failure.Message);
        }

        var notBefore = UploadFailure.NotBefore(observation, status, jobs);
        if (notBefore > observation.Now)
        {
            return new PipelineDecision(BackupPhases.Derive(status), RequeueAfter: new Deadline(notBefore, TimeSpan.Zero, observation.Now).Remaining);
        }

        var pending = observation.ActionFailure is { } held ? status.Pending(ConditionTypes.Uploaded, held.Reason, held.Message, observation) : status;
        var manifest = WorkerJobManifest.Backup(observation, status.Volumes![0], attempt, (long)Math.Ceiling(deadline.Remaining.TotalSeconds));
        return new PipelineDecision(BackupPhases.Derive(pending), new PipelineAction.CreateJob(manifest), deadline.Remaining);
    }

    private static PipelineDecision AwaitStart(BackupObservation observation, BackupJobStatus status, JobProjection job, WorkerOutcome outcome, Deadline active)
    {
        var start = new Deadline(job.CreationTimestamp ?? observation.Now, TimeSpan.FromSeconds(observation.Options.StartTimeoutSeconds ?? DefaultStartTimeoutSeconds), observation.Now);
        if (start.HasPassed)
        {
            return BackupResult.Fail(observation, status, ConditionTypes.Uploaded, outcome.Reason, $"{outcome.Message} (waited {Display.Duration(start.Timeout)}, options.startTimeoutSeconds)");
        }

        // A Pod that is merely being started is no news; a Pod that is held up is, long before the deadline.
        var next = start.Remaining < active.Remaining ? start.Remaining : active.Remaining;
        return outcome.Reason == Reason.StartTimeout
            ? Wait(observation, status, Reason.InProgress, "the worker is being started", next)
            : Wait(observation, status, outcome.Reason, outcome.Message, next);
    }

    private static PipelineDecision Succeed(BackupObservation observation, BackupJobStatus status, WorkerOutcome outcome)
    {
        if (outcome.Result is not { SnapshotId.Length: > 0 } result)
        {
            return BackupResult.Fail(observation, status, ConditionTypes.Uploaded, Reason.ResultMissing, "the worker reported success but named no snapshot; this is never taken for a backup");
        }

        var message = result.Skipped == true
            ? $"nothing has changed since snapshot {result.SnapshotId[..8]}; no new one was saved"
            : $"saved as restic snapshot {result.SnapshotId[..8]}, {Display.Bytes(result.BytesAdded ?? 0)} added";
        return BackupResult.Succeed(observation, UploadRecord.Write(observation, status, result)
            .Reached(ConditionTypes.CloneBound, Reason.Succeeded, "the temporary volume is bound", observation)
            .Reached(ConditionTypes.Uploaded, Reason.Succeeded, message, observation), message);
    }

    private static PipelineDecision Wait(BackupObservation observation, BackupJobStatus status, Reason reason, string message, TimeSpan remaining) =>
        new(BackupPhases.Derive(status.Pending(ConditionTypes.Uploaded, reason, message, observation)), RequeueAfter: remaining);
}
