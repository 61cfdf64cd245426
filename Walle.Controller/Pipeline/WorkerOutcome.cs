using System.Text.Json;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.Json;

namespace Walle.Controller.Pipeline;

/// <summary>What has become of one worker Job, from its Pods first (known one kubelet tick after exit) and from its conditions last.</summary>
/// <param name="Result">What the worker itself reported; null when it left nothing.</param>
/// <param name="FinishedAt">As the cluster tells it: never the time of looking, or a back-off counted from it would never be over.</param>
internal sealed record WorkerOutcome(WorkerState State, Reason Reason, string Message, WorkerResult? Result, DateTimeOffset? FinishedAt)
{
    // The Job controller makes a Pod within a second or two, if it may.
    private static readonly TimeSpan AccountAppears = TimeSpan.FromSeconds(15);

    public const string Starting = "the worker is being started";
    public const string Uploading = "the worker is uploading";
    public const string Replacing = "the worker's Pod was disrupted and is being replaced";

    /// <summary>Since when a worker that has not started is waited for; null while its Pod has not been made.</summary>
    public DateTimeOffset? WaitingSince { get; private init; }

    public static WorkerOutcome Of(JobProjection job, IReadOnlyList<PodProjection> allPods, WorkObservation observation)
    {
        var pods = allPods.Where(pod => pod.ControllerUid == job.Uid).ToList();
        if (pods.Find(pod => pod.ExitCode == WorkerExitCode.Success) is { } succeeded)
        {
            return Ended(succeeded, job, observation);
        }

        if (pods.Find(IsAlive) is { } alive)
        {
            return alive.StartedAt is not null
                ? new WorkerOutcome(WorkerState.Running, Reason.InProgress, Uploading, null, null)
                : NotStarted(alive, observation) with { WaitingSince = alive.CreationTimestamp };
        }

        // A disrupted Pod is replaced by the Job controller (podFailurePolicy) where the server has that; it is final only when the Job is.
        if (pods.OrderByDescending(pod => pod.FinishedAt).FirstOrDefault() is { } last && (job.Failed || job.Complete || !last.Disrupted))
        {
            return Ended(last, job, observation);
        }

        if (job.Failed)
        {
            return job.FailedReason == "DeadlineExceeded"
                ? new WorkerOutcome(WorkerState.Failed, Reason.DeadlineExceeded, "the worker ran into its deadline (options.activeDeadlineSeconds)", null, job.FinishedAt)
                : new WorkerOutcome(WorkerState.Failed, Reason.ResultMissing, $"the worker's Job failed: {job.FailedReason}: {job.FailedMessage}", null, job.FinishedAt);
        }

        if (!job.Complete && observation.RunsCommand && job.CreationTimestamp is { } created && observation.Now - created > AccountAppears)
        {
            var ns = observation.Namespace;
            return new WorkerOutcome(WorkerState.NotStarted, Reason.HookForbidden,
                $"the worker's Pod cannot be made, most likely since namespace {ns} has no ServiceAccount {Crds.WellKnown.DumpServiceAccount}; its administrator makes it with: kubectl -n {ns} create serviceaccount {Crds.WellKnown.DumpServiceAccount} && kubectl -n {ns} create rolebinding {Crds.WellKnown.DumpServiceAccount} --clusterrole={Crds.WellKnown.HooksClusterRole} --serviceaccount={ns}:{Crds.WellKnown.DumpServiceAccount}",
                null, null);
        }

        return job.Complete
            ? new WorkerOutcome(WorkerState.Failed, Reason.ResultMissing, "the worker's Pod is gone and left no result", null, job.FinishedAt)
            : new WorkerOutcome(WorkerState.NotStarted, Reason.StartTimeout, "the worker's Pod has not been made yet; a ResourceQuota or an admission webhook may refuse it: "
                + $"kubectl -n {observation.Namespace} describe job {job.Name.Name}", null, null);
    }

    public static bool IsAlive(PodProjection pod) => pod.ExitCode is null && pod.Phase is not ("Failed" or "Succeeded");

    private static WorkerOutcome NotStarted(PodProjection pod, WorkObservation observation)
    {
        var secret = observation.SecretName;
        var (reason, message) = pod.WaitingReason switch
        {
            "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName" or "ErrImageNeverPull" or "ImageInspectError" or "RegistryUnavailable" =>
                (Reason.ImagePullFailed, $"the worker's image {observation.Settings.Image} cannot be pulled: {pod.WaitingReason}: {pod.WaitingMessage}"),
            "CreateContainerConfigError" when pod.WaitingMessage?.Contains("couldn't find key", StringComparison.Ordinal) == true =>
                (Reason.SecretKeyMissing, $"Secret {secret} lacks a key that every repository needs: {pod.WaitingMessage}; add it with: kubectl -n {observation.Namespace} edit secret {secret}"),
            "CreateContainerConfigError" when pod.WaitingMessage?.Contains("secret", StringComparison.OrdinalIgnoreCase) == true =>
                (Reason.SecretNotFound, $"Secret {secret} (spec.repository.secretRef) cannot be used: {pod.WaitingMessage}; create it with: kubectl -n {observation.Namespace} create secret generic {secret} --from-literal=RESTIC_REPOSITORY=... --from-literal=RESTIC_PASSWORD=..."),
            null when pod.UnschedulableMessage is not null => (Reason.StartTimeout, $"the worker's Pod cannot be scheduled: {pod.UnschedulableMessage}"),
            null or "ContainerCreating" or "PodInitializing" => (Reason.StartTimeout, $"the worker's Pod has not started; see: kubectl -n {observation.Namespace} describe pod {pod.Name.Name}"),
            _ => (Reason.StartTimeout, $"the worker's Pod has not started: {pod.WaitingReason}: {pod.WaitingMessage}"),
        };
        return new WorkerOutcome(WorkerState.NotStarted, reason, message, null, null);
    }

    private static WorkerOutcome Ended(PodProjection pod, JobProjection job, WorkObservation observation)
    {
        var finishedAt = pod.FinishedAt ?? job.FinishedAt;
        if (pod.TerminatedReason == "OOMKilled" && pod.ExitCode != WorkerExitCode.Success)
        {
            return new WorkerOutcome(WorkerState.Failed, Reason.OutOfMemory, "the worker ran out of memory; raise options.worker.resources.limits.memory", null, finishedAt);
        }

        if (Parse(pod.TerminationMessage) is { } result)
        {
            return result.ExitCode == WorkerExitCode.Success && pod.ExitCode == WorkerExitCode.Success
                ? new WorkerOutcome(WorkerState.Succeeded, Reason.Succeeded, result.Message ?? "", result, finishedAt)
                : new WorkerOutcome(WorkerState.Failed, ReasonOf(result), WorkerAdvice.Append(result.Message ?? $"the worker ended with exit code {result.ExitCode}", ReasonOf(result), observation), result, finishedAt);
        }

        return pod.Disrupted || pod.Reason is "Evicted" or "Preempting" or "NodeLost" or "Shutdown" or "Terminated" || (pod.Deleting && pod.ExitCode is null)
            ? new WorkerOutcome(WorkerState.Failed, Reason.Evicted, $"the worker's Pod was evicted: {pod.Reason} {pod.Message}".TrimEnd(), null, finishedAt)
            : new WorkerOutcome(WorkerState.Failed, Reason.ResultMissing, $"the worker was killed or ended without a result (exit code {pod.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}, {pod.TerminatedReason ?? pod.Reason ?? "no reason given"})", null, finishedAt);
    }

    /// <summary>A failure's reason by its name. A number, or the name of a success, comes from something that is not Walle's worker.</summary>
    private static Reason ReasonOf(WorkerResult result) =>
        Enum.TryParse<Reason>(result.Reason, out var reason) && reason.ToString() == result.Reason && reason is not (Reason.Accepted or Reason.InProgress or Reason.Waiting or Reason.Succeeded or Reason.CleanedUp)
            ? reason
            : Reason.ResticFailed;

    private static WorkerResult? Parse(string? message)
    {
        try
        {
            return string.IsNullOrWhiteSpace(message) ? null : JsonSerializer.Deserialize(message, CrdJsonContext.Default.WorkerResult);
        }
        catch (JsonException)
        {
            // Cut off by kubelet, or written by something else: the same as no result.
            return null;
        }
    }
}
