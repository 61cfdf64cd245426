using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>A worker's Job, its retries and its deadlines. Each attempt is a Job of its own with a numbered name, and never two at a time.</summary>
internal static class RestoreWork
{
    /// <param name="result">What the worker reported, once it has succeeded; the decision is then the caller's.</param>
    public static RestoreDecision Decide(RestoreObservation observation, RestoreJobStatus status, WorkStep step, out WorkerResult? result)
    {
        result = null;
        var deadline = new Deadline(
            status.Since(step.Condition, observation.Now), TimeSpan.FromSeconds(observation.Options.ActiveDeadlineSeconds ?? UploadStep.DefaultActiveDeadlineSeconds), observation.Now);
        var jobs = observation.Jobs.Where(job => job.ControllerUid == observation.Uid).ToList();
        var current = jobs.Find(job => job.Name.Name == step.Name(observation.Uid, step.Attempt));
        if (current is null)
        {
            return deadline.HasPassed && observation.ActionFailure is null ? TooLate(observation, status, step, deadline) : Start(observation, status, step, jobs, deadline);
        }

        var outcome = WorkerOutcome.Of(current, observation.Pods, observation);
        if (outcome is { State: WorkerState.Succeeded, Result: { } reported })
        {
            result = reported;
            return new RestoreDecision(status);
        }

        return outcome.State switch
        {
            WorkerState.Failed or WorkerState.Succeeded => Failed(observation, status, step, outcome),
            _ when deadline.HasPassed => TooLate(observation, status, step, deadline),
            WorkerState.NotStarted => AwaitStart(observation, status, step, current, outcome, deadline),
            _ => Wait(observation, status, step, Reason.InProgress, step.Doing, deadline.Remaining),
        };
    }

    private static RestoreDecision Start(RestoreObservation observation, RestoreJobStatus status, WorkStep step, List<JobProjection> jobs, Deadline deadline)
    {
        if (observation.ActionFailure is { } failure && (failure.IsFinal || deadline.HasPassed))
        {
            return RestoreResult.Fail(observation, status, step.Condition, failure.Reason, failure.Message);
        }

        if (DeadLockStep.Before(observation, jobs, step.Name(observation.Uid, step.Attempt - 1), step.Attempt) is var (unlock, again))
        {
            return new RestoreDecision(status.WithPhase(), unlock, again);
        }

        var notBefore = NotBefore(observation, status, step, jobs);
        if (notBefore > observation.Now)
        {
            return new RestoreDecision(status.WithPhase(), RequeueAfter: new Deadline(notBefore, TimeSpan.Zero, observation.Now).Remaining);
        }

        if (observation.Pods.Any(WorkerOutcome.IsAlive))
        {
            // Its Job is gone and it is being stopped. Never two workers that write into one volume.
            return new RestoreDecision(status.WithPhase(), RequeueAfter: deadline.Remaining);
        }

        var pending = status.Find(step.Condition) is null
            ? status.Pending(step.Condition, Reason.InProgress, WorkerOutcome.Starting, observation)
            : status.HeldUp(step.Condition, observation.ActionFailure, observation);
        return new RestoreDecision(
            step.SetAttempt(pending, step.Attempt).WithPhase(), new PipelineAction.CreateJob(step.Manifest(step.Attempt, (long)Math.Ceiling(deadline.Remaining.TotalSeconds))), deadline.Remaining);
    }

    private static RestoreDecision Failed(RestoreObservation observation, RestoreJobStatus status, WorkStep step, WorkerOutcome outcome)
    {
        status = RestoreStep.Record(status, outcome.Result);
        var reason = outcome.State == WorkerState.Succeeded ? Reason.ResultMissing : outcome.Reason;
        var dead = DeadLockStep.Hosts(observation, outcome);
        var failures = (status.FailedAttempts ?? 0) + (UploadFailure.Counts(reason) && dead.Count == 0 ? 1 : 0);
        if (!UploadFailure.CanPass(reason) || !CommandStep.MayTryAgain(observation, status, outcome) || failures > (observation.Options.RetryLimit ?? UploadFailure.DefaultRetryLimit) || step.Attempt >= UploadFailure.MaxAttempts)
        {
            var tried = step.Attempt > 1 ? $" (attempt {step.Attempt})" : "";
            return RestoreResult.Fail(observation, status with { FailedAttempts = failures }, step.Condition, reason, outcome.Message + tried);
        }

        var message = dead.Count > 0
            ? DeadLockStep.Message(step.Attempt, dead)
            : $"attempt {step.Attempt} failed and is tried again after {Display.Duration(UploadFailure.Backoff(failures))}: {outcome.Message}";
        return new RestoreDecision((step.SetAttempt(status.Pending(step.Condition, reason, message, observation), step.Attempt + 1) with { FailedAttempts = failures }).WithPhase());
    }

    private static RestoreDecision AwaitStart(RestoreObservation observation, RestoreJobStatus status, WorkStep step, JobProjection job, WorkerOutcome outcome, Deadline active)
    {
        if (job.Deleting)
        {
            return Wait(observation, status, step, Reason.InProgress, "the worker's Job was deleted by somebody and is made again when it is gone", active.Remaining);
        }

        // The Job is as old as its first Pod. A Pod that replaces a disrupted one begins anew; as long as it has not been made, nothing says since when.
        var message = status.Find(step.Condition)?.Message;
        var replaced = message == step.Doing || message == WorkerOutcome.Replacing;
        if (replaced && outcome.WaitingSince is null)
        {
            return Wait(observation, status, step, Reason.InProgress, WorkerOutcome.Replacing, active.Remaining);
        }

        var start = new Deadline(
            outcome.WaitingSince ?? job.CreationTimestamp ?? observation.Now, TimeSpan.FromSeconds(observation.Options.StartTimeoutSeconds ?? UploadStep.DefaultStartTimeoutSeconds), observation.Now);
        if (start.HasPassed)
        {
            return RestoreResult.Fail(observation, status, step.Condition, outcome.Reason, $"{outcome.Message} (waited {Display.Duration(start.Timeout)}, options.startTimeoutSeconds)");
        }

        var next = start.Remaining < active.Remaining ? start.Remaining : active.Remaining;
        if (outcome.Reason == Reason.StartTimeout)
        {
            return Wait(observation, status, step, Reason.InProgress, replaced ? WorkerOutcome.Replacing : WorkerOutcome.Starting, next);
        }

        // kubelet alternates between ErrImagePull and ImagePullBackOff: told once, not each time.
        return outcome.Reason == Reason.ImagePullFailed && status.Find(step.Condition)?.Reason == nameof(Reason.ImagePullFailed)
            ? new RestoreDecision(status.WithPhase(), RequeueAfter: next)
            : Wait(observation, status, step, outcome.Reason, outcome.Message, next);
    }

    /// <summary>After the end of the failed attempt, by a back-off that doubles.</summary>
    private static DateTimeOffset NotBefore(RestoreObservation observation, RestoreJobStatus status, WorkStep step, List<JobProjection> jobs)
    {
        if (jobs.Find(job => job.Name.Name == step.Name(observation.Uid, step.Attempt - 1)) is not { } previous)
        {
            return DateTimeOffset.MinValue;
        }

        var outcome = WorkerOutcome.Of(previous, observation.Pods, observation);
        return DeadLockStep.Hosts(observation, outcome).Count == 0 && (outcome.FinishedAt ?? previous.CreationTimestamp) is { } ended ? ended + UploadFailure.Backoff(status.FailedAttempts ?? 0) : DateTimeOffset.MinValue;
    }

    private static RestoreDecision TooLate(RestoreObservation observation, RestoreJobStatus status, WorkStep step, Deadline deadline) => RestoreResult.Fail(
        observation, status, step.Condition, Reason.DeadlineExceeded, $"it did not end within {Display.Duration(deadline.Timeout)} (options.activeDeadlineSeconds); the last attempt: {status.Message}");

    private static RestoreDecision Wait(RestoreObservation observation, RestoreJobStatus status, WorkStep step, Reason reason, string message, TimeSpan remaining) =>
        new(status.Pending(step.Condition, reason, message, observation).WithPhase(), RequeueAfter: remaining);
}
