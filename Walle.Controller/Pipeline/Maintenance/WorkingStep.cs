using Walle.Controller.Pipeline.Manifests;
using Walle.Controller.Pipeline.Schedules;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>
/// The workers of a prune or check: one at a time, each attempt a Job of its own. One that was killed may have left a lock that stops everybody: it is
/// removed before the next attempt, and before the run ends.
/// </summary>
internal static class WorkingStep
{
    private const int MaxHosts = 16;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public static MaintenanceDecision Decide(MaintenanceObservation observation, BackupScheduleStatus status, MaintenanceStatus run, IReadOnlyList<string> expected)
    {
        var jobs = observation.Jobs.Where(job => job.ControllerUid == observation.Uid).ToList();
        if (MaintenanceResult.IsDecided(run) && Stop(observation, status, run, jobs) is { } stopping)
        {
            return stopping;
        }

        if (run.Unlocking is [var host, ..])
        {
            return UnlockStep.Decide(observation, status, run, jobs, host);
        }

        if (MaintenanceResult.IsDecided(run) && Enum.TryParse<Reason>(run.Result, out var decided))
        {
            return MaintenanceResult.End(observation, status, run, decided, run.Message ?? "");
        }

        var deadline = new Deadline(run.StartedAt!.Value, ActiveDeadline(observation), observation.Now);
        var verb = run is PruneStatus ? WorkerVerb.Prune : WorkerVerb.Check;
        var current = jobs.Find(job => job.Name.Name == ResourceNames.MaintenanceJob(observation.Uid, verb, run.ScheduledFor!.Value, run.Attempts ?? 1));
        if (current is null)
        {
            return Start(observation, status, run, expected, deadline);
        }

        var outcome = WorkerOutcome.Of(current, observation.Pods, observation);
        return outcome switch
        {
            { State: WorkerState.Succeeded, Result: { } result } => MaintenanceResult.Succeed(observation, status, run, result),
            { State: WorkerState.Succeeded or WorkerState.Failed } => Failed(observation, status, run, current, outcome, deadline),
            _ when deadline.HasPassed => Decided(status, run with { Unlocking = Hosts(observation, current) }, Reason.DeadlineExceeded, $"it did not end within {Display.Duration(deadline.Timeout)} (options.activeDeadlineSeconds)"),
            { State: WorkerState.NotStarted } => AwaitStart(observation, status, run, current, outcome),
            _ => Wait(observation, status, run, "the worker is at work", deadline.Remaining),
        };
    }

    /// <summary>A worker that is still there keeps the repository for itself; but one on a node that is lost not for ever: restic's own lock remains.</summary>
    private static MaintenanceDecision? Stop(MaintenanceObservation observation, BackupScheduleStatus status, MaintenanceStatus run, List<JobProjection> jobs)
    {
        var working = jobs.FindAll(job => job.Verb != WorkerVerb.Unlock);
        if (working.Find(job => !job.Deleting && WorkerOutcome.Of(job, observation.Pods, observation).State is WorkerState.NotStarted or WorkerState.Running) is { } job)
        {
            return new MaintenanceDecision(status, new ScheduleAction.DeleteJob(job.Name.Name, job.Uid), observation.Now + LookAgain);
        }

        var unlocking = jobs.Where(other => other.Verb == WorkerVerb.Unlock).Select(other => other.Uid).ToHashSet();
        var letGo = new Deadline(run.StartedAt!.Value, ActiveDeadline(observation) + CleanupStep.LetGoAfter, observation.Now);
        return !letGo.HasPassed && observation.Pods.Any(pod => WorkerOutcome.IsAlive(pod) && !unlocking.Contains(pod.ControllerUid ?? ""))
            ? new MaintenanceDecision(status, WakeAt: observation.Now + LookAgain)
            : null;
    }

    private static TimeSpan ActiveDeadline(MaintenanceObservation observation) => TimeSpan.FromSeconds(observation.Options.ActiveDeadlineSeconds ?? UploadStep.DefaultActiveDeadlineSeconds);

    private static MaintenanceDecision Start(MaintenanceObservation observation, BackupScheduleStatus status, MaintenanceStatus run, IReadOnlyList<string> expected, Deadline deadline)
    {
        if (run is PruneStatus ? observation.Schedule.Spec.Prune is null : observation.Schedule.Spec.Check is null)
        {
            return Decided(status, run, Reason.Cancelled, "it was removed from the spec");
        }

        if (deadline.HasPassed)
        {
            return Decided(status, run, Reason.DeadlineExceeded, $"it did not end within {Display.Duration(deadline.Timeout)} (options.activeDeadlineSeconds); the last attempt: {run.Message}");
        }

        if (observation.ActionFailure is { IsFinal: true } failure)
        {
            return Decided(status, run, failure.Reason, failure.Message);
        }

        if (NotBefore(observation, run) is { } notBefore && notBefore > observation.Now)
        {
            return new MaintenanceDecision(status, WakeAt: notBefore);
        }

        if (observation.Pods.Any(WorkerOutcome.IsAlive))
        {
            // Its Job is gone and it is being stopped. Never two workers of one repository at a time.
            return new MaintenanceDecision(status, WakeAt: observation.Now + LookAgain);
        }

        if (observation.ActionFailure is { } held)
        {
            status = MaintenanceRuns.With(status, run with { Message = ConditionSet.Cut(held.Message, ConditionList.MaxMessageLength) });
        }

        return new MaintenanceDecision(
            status, new ScheduleAction.CreateJob(MaintenanceJobManifest.Build(observation, run, expected, (long)Math.Ceiling(deadline.Remaining.TotalSeconds))), observation.Now + deadline.Remaining);
    }

    private static MaintenanceDecision AwaitStart(MaintenanceObservation observation, BackupScheduleStatus status, MaintenanceStatus run, JobProjection job, WorkerOutcome outcome)
    {
        var start = new Deadline(
            outcome.WaitingSince ?? job.CreationTimestamp ?? observation.Now, TimeSpan.FromSeconds(observation.Options.StartTimeoutSeconds ?? UploadStep.DefaultStartTimeoutSeconds), observation.Now);
        return start.HasPassed
            ? Decided(status, run, outcome.Reason, $"{outcome.Message} (waited {Display.Duration(start.Timeout)}, options.startTimeoutSeconds)")
            : Wait(observation, status, run, WorkerOutcome.Starting, start.Remaining);
    }

    private static MaintenanceDecision Failed(MaintenanceObservation observation, BackupScheduleStatus status, MaintenanceStatus run, JobProjection job, WorkerOutcome outcome, Deadline deadline)
    {
        var reason = outcome.State == WorkerState.Succeeded ? Reason.ResultMissing : outcome.Reason;
        var dead = reason == Reason.RepositoryLocked ? LockRule.Dead(outcome.Result?.Locks, observation.Holders) : [];
        var hosts = dead.Count > 0 ? dead : MayHaveLeftLock(reason) ? Hosts(observation, job) ?? [] : [];
        run = run with
        {
            Unlocking = hosts.Count > 0 ? [.. hosts.Take(MaxHosts)] : null,
            FailedAttempts = (run.FailedAttempts ?? 0) + (dead.Count > 0 || !UploadFailure.Counts(reason) ? 0 : 1),
        };
        var message = Message(observation, reason, outcome);
        var attempt = run.Attempts ?? 1;
        if (!UploadFailure.CanPass(reason) || run.FailedAttempts > (observation.Options.RetryLimit ?? UploadFailure.DefaultRetryLimit) || attempt >= UploadFailure.MaxAttempts || deadline.HasPassed)
        {
            return Decided(status, run, reason, attempt > 1 ? $"{message} (attempt {attempt})" : message);
        }

        return new MaintenanceDecision(MaintenanceRuns.With(status, run with { Attempts = attempt + 1, Message = ConditionSet.Cut($"attempt {attempt} failed and is tried again: {message}", ConditionList.MaxMessageLength) }));
    }

    private static string Message(MaintenanceObservation observation, Reason reason, WorkerOutcome outcome) => reason switch
    {
        Reason.RepositoryLocked => LockRule.Advice(outcome.Result?.Locks, observation.Holders),
        Reason.PruneBlocked =>
            $"{outcome.Message}; if that is right, release one prune with: kubectl -n {observation.Namespace} annotate backupschedule {observation.Schedule.Metadata.Name} --overwrite {Crds.WellKnown.ReleasePruneAnnotation}=$(date -u +%FT%TZ)",
        _ => outcome.Message,
    };

    /// <summary>Of the Pods of an attempt; null: there is none left to tell its name.</summary>
    private static List<string>? Hosts(MaintenanceObservation observation, JobProjection job) =>
        observation.Pods.Where(pod => pod.ControllerUid == job.Uid).Select(pod => pod.Name.Name).Take(MaxHosts).ToList() is { Count: > 0 } hosts ? hosts : null;

    /// <summary>restic gives its lock back whenever it ends by itself.</summary>
    private static bool MayHaveLeftLock(Reason reason) => reason is Reason.ResultMissing or Reason.OutOfMemory or Reason.Evicted or Reason.ResticFailed or Reason.DeadlineExceeded or Reason.Cancelled;

    private static DateTimeOffset? NotBefore(MaintenanceObservation observation, MaintenanceStatus run)
    {
        var verb = run is PruneStatus ? WorkerVerb.Prune : WorkerVerb.Check;
        var name = ResourceNames.MaintenanceJob(observation.Uid, verb, run.ScheduledFor!.Value, (run.Attempts ?? 1) - 1);
        if (run.FailedAttempts is not > 0 || observation.Jobs.FirstOrDefault(job => job.Name.Name == name) is not { } previous)
        {
            return null;
        }

        var ended = WorkerOutcome.Of(previous, observation.Pods, observation).FinishedAt ?? previous.CreationTimestamp;
        return ended + UploadFailure.Backoff(run.FailedAttempts.Value);
    }

    private static MaintenanceDecision Decided(BackupScheduleStatus status, MaintenanceStatus run, Reason reason, string message) =>
        new(MaintenanceRuns.With(status, MaintenanceResult.Decided(run, reason, message)));

    private static MaintenanceDecision Wait(MaintenanceObservation observation, BackupScheduleStatus status, MaintenanceStatus run, string message, TimeSpan remaining) =>
        new(MaintenanceRuns.With(status, run with { Message = message }), WakeAt: observation.Now + remaining);
}
