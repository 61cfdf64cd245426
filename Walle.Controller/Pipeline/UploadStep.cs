using Walle.Controller.Pipeline.Manifests;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Steps 4 and 5: the worker's Job, its retries, and its result. Each attempt is a Job of its own with a numbered name.</summary>
internal static class UploadStep
{
    internal const int DefaultStartTimeoutSeconds = 300;
    public const int DefaultActiveDeadlineSeconds = 21_600;

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
        return status.Pending(ConditionTypes.Uploaded, Reason.InProgress, WorkerOutcome.Starting, observation) with { Attempts = 1, Volumes = [volume] };
    }

    public static PipelineDecision Decide(BackupObservation observation, BackupJobStatus status)
    {
        var deadline = new Deadline(
            status.Since(ConditionTypes.Uploaded, observation.Now), TimeSpan.FromSeconds(observation.Options.ActiveDeadlineSeconds ?? DefaultActiveDeadlineSeconds), observation.Now);
        var jobs = observation.Jobs.Where(job => job.ControllerUid == observation.Uid).ToList();
        var attempt = status.Attempts ?? 1;
        var current = jobs.Find(job => job.Name.Name == ResourceNames.BackupJob(observation.Uid, attempt, observation.Volume));
        if (status.InitializedRepository == true && observation.ActionFailure is null && jobs.Find(job => job.Name.Name == ResourceNames.InitJob(observation.Uid) && !job.Deleting) is { } init)
        {
            // At once, not with the rest: the next repository's initialisation waits for it.
            return new PipelineDecision(BackupPhases.Derive(status), new PipelineAction.DeleteJob(init.Name.Name, init.Uid));
        }

        if (current is null)
        {
            return deadline.HasPassed && observation.ActionFailure is null
                ? BackupResult.Fail(observation, status, ConditionTypes.Uploaded, Reason.DeadlineExceeded, $"the upload did not end within {Display.Duration(deadline.Timeout)} (options.activeDeadlineSeconds); the last attempt: {status.Message}")
                : Start(observation, status, jobs, attempt, deadline);
        }

        var outcome = WorkerOutcome.Of(current, observation.Pods, observation);
        return outcome.State switch
        {
            WorkerState.Succeeded => Succeed(observation, status, outcome),
            WorkerState.Failed => UploadFailure.Decide(observation, status, outcome, jobs, deadline),
            _ when deadline.HasPassed => BackupResult.Fail(observation, status, ConditionTypes.Uploaded, Reason.DeadlineExceeded, $"the upload did not end within {Display.Duration(deadline.Timeout)} (options.activeDeadlineSeconds)"),
            WorkerState.NotStarted => AwaitStart(observation, status, current, outcome, deadline),
            _ => Wait(observation, status, Reason.InProgress, outcome.Message, deadline.Remaining),
        };
    }

    /// <summary>Of a dump: the worker finds its Pod by name, so it is chosen anew for each attempt.</summary>
    private static BackupJobStatus Choose(BackupObservation observation, BackupJobStatus status) => observation is { IsDump: true, Plan.Dump: { } target }
        ? status with { Dumps = [status.Dumps![0] with { Pod = target.Pod, Container = target.Container }] }
        : status;

    private static PipelineDecision Start(BackupObservation observation, BackupJobStatus status, List<JobProjection> jobs, int attempt, Deadline deadline)
    {
        if (!observation.IsDump && (observation.CloneClaim is null || observation.CloneClaim.Deleting))
        {
            return BackupResult.Fail(observation, status, ConditionTypes.Uploaded, Reason.CloneLost, "the temporary PersistentVolumeClaim was deleted by somebody; create a new BackupJob");
        }

        if (observation.ActionFailure is { } failure && (failure.IsFinal || deadline.HasPassed))
        {
            return BackupResult.Fail(observation, status, ConditionTypes.Uploaded, failure.Reason, failure.Message);
        }

        if (DeadLockStep.Before(observation, jobs, ResourceNames.BackupJob(observation.Uid, attempt - 1, observation.Volume), attempt) is var (unlock, again))
        {
            return new PipelineDecision(BackupPhases.Derive(status), unlock, again);
        }

        var notBefore = UploadFailure.NotBefore(observation, status, jobs);
        if (notBefore > observation.Now)
        {
            return new PipelineDecision(BackupPhases.Derive(status), RequeueAfter: new Deadline(notBefore, TimeSpan.Zero, observation.Now).Remaining);
        }

        if (observation.Pods.Any(WorkerOutcome.IsAlive))
        {
            // Its Job is gone and it is being stopped. Never two workers of one backup at a time.
            return new PipelineDecision(BackupPhases.Derive(status), RequeueAfter: deadline.Remaining);
        }

        if (observation.IsDump && observation.Plan?.Dump is null)
        {
            var (reason, message) = observation.Plan?.Problem ?? (Reason.InvalidHook, $"the source has no annotation {Crds.HookAnnotation.Dump} any more");
            return BackupResult.Fail(observation, status, ConditionTypes.Uploaded, reason, message);
        }

        var pending = Choose(observation, status.HeldUp(ConditionTypes.Uploaded, observation.ActionFailure, observation));
        var seconds = (long)Math.Ceiling(deadline.Remaining.TotalSeconds);
        var manifest = observation.IsDump ? DumpJobManifest.Build(observation, attempt, seconds) : WorkerJobManifest.Backup(observation, status.Volumes![0], attempt, seconds);
        return new PipelineDecision(BackupPhases.Derive(pending), new PipelineAction.CreateJob(manifest), deadline.Remaining);
    }

    private static PipelineDecision AwaitStart(BackupObservation observation, BackupJobStatus status, JobProjection job, WorkerOutcome outcome, Deadline active)
    {
        if (job.Deleting)
        {
            return Wait(observation, status, Reason.InProgress, "the worker's Job was deleted by somebody and is made again when it is gone", active.Remaining);
        }

        // The Job is as old as its first Pod. A Pod that replaces a disrupted one begins anew; as long as it has not been made, nothing says since when.
        var replaced = status.Find(ConditionTypes.Uploaded)?.Message is WorkerOutcome.Uploading or WorkerOutcome.Replacing;
        if (replaced && outcome.WaitingSince is null)
        {
            return Wait(observation, status, Reason.InProgress, WorkerOutcome.Replacing, active.Remaining);
        }

        var start = new Deadline(outcome.WaitingSince ?? job.CreationTimestamp ?? observation.Now, TimeSpan.FromSeconds(observation.Options.StartTimeoutSeconds ?? DefaultStartTimeoutSeconds), observation.Now);
        if (start.HasPassed)
        {
            return BackupResult.Fail(observation, status, ConditionTypes.Uploaded, outcome.Reason, $"{outcome.Message} (waited {Display.Duration(start.Timeout)}, options.startTimeoutSeconds)");
        }

        // A Pod that is merely being started is no news; a Pod that is held up is, long before the deadline.
        var next = start.Remaining < active.Remaining ? start.Remaining : active.Remaining;
        if (outcome.Reason == Reason.StartTimeout)
        {
            return Wait(observation, status, Reason.InProgress, replaced ? WorkerOutcome.Replacing : WorkerOutcome.Starting, next);
        }

        // kubelet alternates between ErrImagePull and ImagePullBackOff: told once, not each time.
        return outcome.Reason == Reason.ImagePullFailed && status.Find(ConditionTypes.Uploaded)?.Reason == nameof(Reason.ImagePullFailed)
            ? new PipelineDecision(BackupPhases.Derive(status), RequeueAfter: next)
            : Wait(observation, status, outcome.Reason, outcome.Message, next);
    }

    private static PipelineDecision Succeed(BackupObservation observation, BackupJobStatus status, WorkerOutcome outcome)
    {
        if (outcome.Result is not { SnapshotId: { } id } result || !UploadRecord.IsSnapshotId(id))
        {
            return BackupResult.Fail(observation, status, ConditionTypes.Uploaded, Reason.ResultMissing, "the worker reported success but named no snapshot; this is never taken for a backup");
        }

        var message = result.Skipped == true
            ? $"nothing has changed since snapshot {id[..8]}; no new one was saved"
            : $"saved as restic snapshot {id[..8]}, {Display.Bytes(result.BytesAdded ?? 0)} added";
        return BackupResult.Succeed(observation, UploadRecord.Write(observation, status, result)
            .Reached(ConditionTypes.CloneBound, Reason.Succeeded, "the temporary volume is bound", observation)
            .Reached(ConditionTypes.Uploaded, Reason.Succeeded, message, observation), message);
    }

    private static PipelineDecision Wait(BackupObservation observation, BackupJobStatus status, Reason reason, string message, TimeSpan remaining) =>
        new(BackupPhases.Derive(status.Pending(ConditionTypes.Uploaded, reason, message, observation)), RequeueAfter: remaining);
}
