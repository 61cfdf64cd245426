using Walle.Controller.Pipeline.Manifests;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>What follows a failed worker: another attempt, the repository's initialisation, or the end.</summary>
internal static class UploadFailure
{
    internal const int DefaultRetryLimit = 2;

    // Evictions do not count against retryLimit, but a Pod that is evicted for ever must end too, before its deadline of hours.
    internal const int MaxAttempts = 20;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan WaitForInit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WaitForLease = TimeSpan.FromSeconds(5);
    private const string BeingInitialized = "the repository does not exist yet and is being initialised";

    public static PipelineDecision Decide(BackupObservation observation, BackupJobStatus status, WorkerOutcome outcome, IReadOnlyList<JobProjection> jobs, Deadline deadline)
    {
        if (outcome.Reason == Reason.RepositoryNotFound)
        {
            return Missing(observation, status, outcome, jobs, deadline);
        }

        if (outcome.Result?.SnapshotId is { } id && UploadRecord.IsSnapshotId(id))
        {
            // Exit code 3: restic saved what it could read.
            return BackupResult.Fail(observation, UploadRecord.Write(observation, status, outcome.Result), ConditionTypes.Uploaded, outcome.Reason, outcome.Message);
        }

        var limit = observation.Options.RetryLimit ?? DefaultRetryLimit;
        var dead = DeadLockStep.Hosts(observation, outcome);
        var failures = (status.FailedAttempts ?? 0) + (Counts(outcome.Reason) && dead.Count == 0 ? 1 : 0);
        var attempts = status.Attempts ?? 1;
        if (!CanPass(outcome.Reason) || failures > limit || attempts >= MaxAttempts)
        {
            var tried = attempts > 1 ? $" (attempt {attempts})" : "";
            return BackupResult.Fail(observation, status with { FailedAttempts = failures }, ConditionTypes.Uploaded, outcome.Reason, outcome.Message + tried);
        }

        var wait = Backoff(failures);
        var message = dead.Count > 0
            ? DeadLockStep.Message(attempts, dead)
            : $"attempt {attempts} failed and is tried again after {Display.Duration(wait)}: {outcome.Message}";
        return new PipelineDecision(BackupPhases.Derive(
            status.Pending(ConditionTypes.Uploaded, outcome.Reason, message, observation) with { Attempts = attempts + 1, FailedAttempts = failures }));
    }

    /// <summary>When the present attempt may start: after the failed one's end, by a back-off that doubles.</summary>
    public static DateTimeOffset NotBefore(BackupObservation observation, BackupJobStatus status, IReadOnlyList<JobProjection> jobs)
    {
        var previousName = ResourceNames.BackupJob(observation.Uid, (status.Attempts ?? 1) - 1, observation.Volume);
        if (jobs.FirstOrDefault(job => job.Name.Name == previousName) is not { } previous)
        {
            return DateTimeOffset.MinValue;
        }

        // After an initialisation, or the removal of a dead lock, there is nothing to wait for. An end that nobody knows the time of (an evicted Pod is gone at once) was not before
        // the Job's creation.
        var outcome = WorkerOutcome.Of(previous, observation.Pods, observation);
        return outcome.Reason == Reason.RepositoryNotFound || DeadLockStep.Hosts(observation, outcome).Count > 0 || (outcome.FinishedAt ?? previous.CreationTimestamp) is not { } ended
            ? DateTimeOffset.MinValue
            : ended + Backoff(status.FailedAttempts ?? 0);
    }

    private static PipelineDecision Missing(BackupObservation observation, BackupJobStatus status, WorkerOutcome failed, IReadOnlyList<JobProjection> jobs, Deadline deadline)
    {
        var secret = observation.Job.Spec.Repository.SecretRef.Name;
        if (observation.RepositoryReachedAt is { } reached)
        {
            // Another first backup of the same repository was faster: ours looked before there was anything to see.
            if (reached >= Began(observation, status, jobs, failed))
            {
                return new PipelineDecision(Pending(observation, status, "the repository has been initialised by another backup") with { Attempts = (status.Attempts ?? 1) + 1 });
            }

            return Fail(observation, status, Reason.RepositoryVanished, $"the repository of Secret {secret} was reached before and is gone; check the storage behind RESTIC_REPOSITORY. It is never created anew by itself");
        }

        if (observation.Job.Spec.Repository.Initialize == RepositoryInitialize.Never)
        {
            return Fail(observation, status, Reason.RepositoryNotFound, $"there is no restic repository at RESTIC_REPOSITORY of Secret {secret} and spec.repository.initialize is Never; create it with: restic init");
        }

        if (status.InitializedRepository == true)
        {
            return Fail(observation, status, Reason.RepositoryNotFound, $"the repository of Secret {secret} was initialised but cannot be found; check RESTIC_REPOSITORY");
        }

        var init = jobs.FirstOrDefault(job => job.Name.Name == ResourceNames.InitJob(observation.Uid));
        return init is null
            ? Initialize(observation, status, deadline)
            : Initializing(observation, status, WorkerOutcome.Of(init, observation.Pods, observation), deadline);
    }

    private static PipelineDecision Initialize(BackupObservation observation, BackupJobStatus status, Deadline deadline)
    {
        if (observation.ActionFailure is { } failure && (failure.IsFinal || deadline.HasPassed))
        {
            return Fail(observation, status, failure.Reason, failure.Message);
        }

        if (deadline.HasPassed)
        {
            return Fail(observation, status, Reason.DeadlineExceeded,
                $"the repository could not be initialised within {Display.Duration(deadline.Timeout)} (options.activeDeadlineSeconds): only one repository is initialised at a time in the cluster, and another one takes too long");
        }

        if (observation.Pods.Any(WorkerOutcome.IsAlive))
        {
            // An initialisation whose Job is gone and that is being stopped: a second one beside it could destroy the repository.
            return new PipelineDecision(BackupPhases.Derive(status), RequeueAfter: WaitForInit);
        }

        var pending = observation.ActionFailure is { } held
            ? BackupPhases.Derive(status.HeldUp(ConditionTypes.Uploaded, held, observation))
            : Pending(observation, status, BeingInitialized);
        return new PipelineDecision(pending, new PipelineAction.CreateInitJob(WorkerJobManifest.Init(observation)), WaitForLease);
    }

    private static PipelineDecision Initializing(BackupObservation observation, BackupJobStatus status, WorkerOutcome outcome, Deadline deadline)
    {
        var secret = observation.Job.Spec.Repository.SecretRef.Name;
        return outcome.State switch
        {
            WorkerState.Succeeded => new PipelineDecision(Pending(observation, status, "the repository has been initialised") with { InitializedRepository = true, Attempts = (status.Attempts ?? 1) + 1 }),
            WorkerState.Failed => Fail(observation, status, Reason.InitializationFailed, $"the repository of Secret {secret} could not be initialised: {outcome.Message}"),
            // Its Job has a deadline of minutes; a Job whose Pod is on a lost node never says that it failed.
            _ when deadline.HasPassed => Fail(observation, status, Reason.DeadlineExceeded, $"the repository of Secret {secret} was not initialised within {Display.Duration(deadline.Timeout)} (options.activeDeadlineSeconds): {outcome.Message}"),
            _ => new PipelineDecision(Pending(observation, status, BeingInitialized), RequeueAfter: WaitForInit),
        };
    }

    private static DateTimeOffset Began(BackupObservation observation, BackupJobStatus status, IReadOnlyList<JobProjection> jobs, WorkerOutcome failed) =>
        jobs.FirstOrDefault(job => job.Name.Name == ResourceNames.BackupJob(observation.Uid, status.Attempts ?? 1, observation.Volume))?.CreationTimestamp ?? failed.FinishedAt ?? observation.Now;

    private static BackupJobStatus Pending(BackupObservation observation, BackupJobStatus status, string message) =>
        BackupPhases.Derive(status.Pending(ConditionTypes.Uploaded, Reason.InProgress, message, observation));

    private static PipelineDecision Fail(BackupObservation observation, BackupJobStatus status, Reason reason, string message) =>
        BackupResult.Fail(observation, status, ConditionTypes.Uploaded, reason, message);

    internal static bool CanPass(Reason reason) => reason is Reason.RepositoryUnreachable or Reason.RepositoryLocked or Reason.OutOfMemory or Reason.Evicted
        or Reason.ResultMissing or Reason.ResticFailed or Reason.Cancelled
        // Of a dump: another Pod may be there by then.
        or Reason.HookUnreachable or Reason.PodReplaced;

    // A worker that was told to stop, or whose node went away, did nothing wrong.
    internal static bool Counts(Reason reason) => reason is not (Reason.Evicted or Reason.Cancelled);

    internal static TimeSpan Backoff(int failures) =>
        TimeSpan.FromSeconds(Math.Min(MaxBackoff.TotalSeconds, FirstBackoff.TotalSeconds * Math.Pow(2, Math.Max(0, failures - 1))));
}
