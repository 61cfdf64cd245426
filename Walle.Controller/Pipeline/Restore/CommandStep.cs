using Walle.Controller.Pipeline.Manifests;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>
/// A dump into a command of a workload. A command cannot be taken back, so it is started once at most: which worker may start it is written down before
/// any does (status.commandWorker), and after that there is no other worker, unless that one reports that it did not start it.
/// </summary>
internal static class CommandStep
{
    public static RestoreDecision? Accept(RestoreObservation observation, ref RestoreJobStatus status)
    {
        if (status.IsTrue(ConditionTypes.Accepted))
        {
            return null;
        }

        status = status with { StartTime = status.StartTime ?? ConditionSet.Seconds(observation.Now), ObservedGeneration = observation.Job.Metadata.Generation };
        if (observation.Command?.Target is not { } target)
        {
            var (reason, message) = observation.Command?.Problem ?? (Reason.TargetNotFound, "the workload of spec.target.exec cannot be read");
            return RestoreResult.Fail(observation, status, ConditionTypes.Accepted, reason, message);
        }

        status = (status with { Attempts = 1 }).Reached(ConditionTypes.Accepted, "the dump can be restored into the command", observation)
            .Reached(ConditionTypes.TargetReady, $"container {target.Container} of Pod {target.Pod} runs", observation)
            .Pending(ConditionTypes.Restored, Reason.InProgress, WorkerOutcome.Starting, observation);
        return null;
    }

    public static RestoreDecision Decide(RestoreObservation observation, RestoreJobStatus status)
    {
        var attempt = status.Attempts ?? 1;
        var job = observation.Jobs.FirstOrDefault(job => job.ControllerUid == observation.Uid && job.Name.Name == ResourceNames.RestoreJob(observation.Uid, attempt));
        if (status.CommandWorker is { } worker)
        {
            // Whoever else there is was made by the Job controller and has no leave.
            observation = observation with { Pods = [.. observation.Pods.Where(pod => pod.Uid == worker)] };
            if (job is null || (observation.Pods.Count == 0 && !job.Failed && !job.Complete))
            {
                return Lost(observation, status);
            }
        }
        else if (job is null)
        {
            if (observation.Command?.Problem is var (reason, message))
            {
                return RestoreResult.Fail(observation, status, ConditionTypes.Restored, reason, message);
            }

            status = status with { CommandPod = observation.Command?.Target is { } target ? $"{target.Pod}/{target.Container}" : status.CommandPod };
        }
        else if (!job.Deleting && observation.Pods.FirstOrDefault(pod => pod.ControllerUid == job.Uid && pod is { StartedAt: not null, Deleting: false } && WorkerOutcome.IsAlive(pod)) is { } running)
        {
            return new RestoreDecision((status with { CommandWorker = running.Uid }).WithPhase());
        }

        var decision = RestoreWork.Decide(observation, status, new WorkStep(
            ConditionTypes.Restored, "the worker is restoring", attempt, ResourceNames.RestoreJob,
            (number, seconds) => RestoreJobManifest.Feed(observation, number, seconds),
            (before, number) => before with { Attempts = number, CommandWorker = number == attempt ? before.CommandWorker : null }), out var result);
        return result is null ? decision : Succeed(observation, status, result);
    }

    /// <summary>A second worker may be made only when it is certain that the command has not been started.</summary>
    public static bool MayTryAgain(RestoreObservation observation, RestoreJobStatus status, WorkerOutcome outcome) =>
        !observation.RunsCommand || status.CommandWorker is null || outcome.Result?.CommandStarted == false;

    private static RestoreDecision Succeed(RestoreObservation observation, RestoreJobStatus status, WorkerResult result)
    {
        status = RestoreStep.Record(status, result);
        if (status.CommandWorker is null || status.ResticSnapshotId is not { } id || result is not { CommandExitCode: 0, BytesRestored: > 0, Sha256: not null })
        {
            return RestoreResult.Fail(observation, status, ConditionTypes.Restored, Reason.ResultMissing, "the worker reported success but not a command that took a dump and ended with exit code 0; this is never taken for a restore");
        }

        var message = $"the command in {status.CommandPod} took the dump of snapshot {id[..8]}, {Display.Bytes(result.BytesRestored.Value)}, and ended with exit code 0";
        return RestoreResult.Succeed(observation, status
            .Reached(ConditionTypes.SnapshotChosen, $"snapshot {id[..8]} is restored", observation)
            .Reached(ConditionTypes.Restored, message, observation), message);
    }

    private static RestoreDecision Lost(RestoreObservation observation, RestoreJobStatus status) => RestoreResult.Fail(
        observation, status, ConditionTypes.Restored, Reason.ResultMissing,
        $"the worker is gone and left no result; the command in {status.CommandPod} may have been started and have done a part of its work. Look at it, then create a new RestoreJob");
}
