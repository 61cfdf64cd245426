using Walle.Controller.Pipeline.GroupSnapshots;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Hooks;

/// <summary>
/// The after-hooks, as soon as the last snapshot is cut, or whenever there will be none: whatever failed, and before anything is cleaned up. They are
/// tried again, since an application that stays frozen is worse than a lost backup.
/// </summary>
internal static class AfterHookStep
{
    /// <summary>How long an application is held for the cut. A driver that has not cut by then lets the backup fail, not the application wait.</summary>
    public static readonly TimeSpan LongestFreeze = TimeSpan.FromMinutes(2);

    // A command that fails will fail again; a connection, an API server or a kubelet come back.
    private const int MostCommandAttempts = 3;
    private const int MostAttempts = 10;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <returns>Null when there is nothing to do, or not yet.</returns>
    public static PipelineDecision? Decide(BackupObservation observation, ref BackupJobStatus status)
    {
        if (!HookState.IsOpen(status))
            return null;
        if (!BackupResult.IsKnown(status) && !HookState.IsUnknown(status) && !IsCut(observation, status))
            return FreezeEnds(observation, status) is { HasPassed: true } ? TooLong(observation, status) : null;

        List<HookRun> starts = [];
        Dictionary<string, HookStatus> changed = [];
        var next = TimeSpan.FromMinutes(1);
        foreach (var hook in HookState.After(status).Where(hook => !HookState.IsFinal(hook)))
        {
            var pause = hook.CompletionTime is { } failed ? failed + Pause(hook.Attempts ?? 0) - observation.Now : TimeSpan.Zero;
            if (hook.Phase == HookPhase.Pending && pause > TimeSpan.Zero)
                next = pause < next ? pause : next;
            else if (hook.Phase == HookPhase.Pending || hook.StartedBy != observation.Instance)
                changed[hook.Name] = Begin(observation, hook);
            else if (!observation.HookRuns.TryGetValue(HookState.Key(status, hook), out var result))
                Start(observation, status, hook, starts, changed);
            else if (result is not null)
                changed[hook.Name] = Ended(hook, result, status.Hooks!.Count);
        }

        status = HookState.With(status, changed);
        return HookState.IsOpen(status)
            ? new PipelineDecision(BackupPhases.Derive(status), starts.Count > 0 ? new PipelineAction.RunHooks(starts) : null, starts.Count > 0 ? Longest(status) : next)
            : Close(observation, ref status);
    }

    /// <summary>When the application is let go although nothing was cut; null when no before-hook holds it.</summary>
    public static Deadline? FreezeEnds(BackupObservation observation, BackupJobStatus status) =>
        HookState.IsOpen(status) && HookState.Before(status).All(HookState.IsFinal) && HookState.Before(status).Max(hook => hook.CompletionTime) is { } since
            ? new Deadline(since, LongestFreeze, observation.Now)
            : null;

    public static bool IsCut(BackupObservation observation, BackupJobStatus status) => observation.IsWorkload
        ? observation.Parts.Where(part => !part.IsDump).All(part => VolumeViews.IsKnown(status, part) || IsCut(part))
        : IsCut(observation);

    private static bool IsCut(BackupObservation observation) =>
        GroupSnapshotStep.IsCut(observation) || observation.Snapshot is { } snapshot && snapshot.ControllerUid == observation.Uid && (snapshot.CreationTime is not null || snapshot.ReadyToUse);

    private static HookStatus Begin(BackupObservation observation, HookStatus hook) => (hook.Attempts ?? 0) >= MostAttempts
        ? HookState.Ended(hook, HookPhase.Failed, Reason.HookInterrupted, "the controller was restarted while it ran, again and again", observation.Now)
        : hook with { Phase = HookPhase.Started, Attempts = (hook.Attempts ?? 0) + 1, StartedBy = observation.Instance, StartTime = ConditionSet.Seconds(observation.Now), CompletionTime = null };

    private static void Start(BackupObservation observation, BackupJobStatus status, HookStatus hook, List<HookRun> starts, Dictionary<string, HookStatus> changed)
    {
        if (HookState.Target(observation.Plan, hook) is { } target)
            starts.Add(new HookRun(HookState.Key(status, hook), target, IsThaw: true));
        else if (observation.Plan?.Problem is { } problem)
            changed[hook.Name] = HookState.Ended(hook, HookPhase.Failed, problem.Reason, problem.Message, observation.Now);
        else if (observation.Plan is not null)
            changed[hook.Name] = HookState.Ended(hook, HookPhase.Skipped, Reason.PodReplaced, "its Pod is gone or was replaced, or its annotation was taken away", observation.Now);
    }

    private static HookStatus Ended(HookStatus hook, HookResult result, int hooks)
    {
        var ended = HookState.Ended(hook, result, hooks);
        if (result.Reason == Reason.PodReplaced)
            return ended with { Phase = HookPhase.Skipped };
        var most = result.Reason is Reason.HookFailed or Reason.HookTimedOut ? MostCommandAttempts : MostAttempts;
        return result.Reason is not null && (hook.Attempts ?? 1) < most ? ended with { Phase = HookPhase.Pending } : ended;
    }

    private static PipelineDecision? Close(BackupObservation observation, ref BackupJobStatus status)
    {
        var failed = HookState.After(status).FirstOrDefault(hook => hook.Phase == HookPhase.Failed);
        status = status with { FrozenSeconds = HookState.Frozen(status) };
        if (failed is null)
        {
            status = status.Reached(ConditionTypes.HooksCompleted, Reason.Succeeded, "all hooks have been run", observation);
            return Pause(status);
        }

        var message = $"the application may still be frozen: {HookState.Describe(failed)}";
        // A result that stands keeps its own reason on top.
        status = BackupResult.IsKnown(status)
            ? status.With(ConditionTypes.HooksCompleted, ConditionStatus.False, Reason.AfterHookFailed, message, observation)
            : status.Pending(ConditionTypes.HooksCompleted, Reason.AfterHookFailed, message, observation);
        return Pause(status);
    }

    /// <summary>A window that was interrupted ends here; nothing was snapshotted in it, and nothing may be outside of one.</summary>
    private static PipelineDecision? Pause(BackupJobStatus status) =>
        HookState.IsUnknown(status) && !BackupResult.IsKnown(status) ? new PipelineDecision(BackupPhases.Derive(status), RequeueAfter: TimeSpan.FromSeconds(1)) : null;

    private static PipelineDecision TooLong(BackupObservation observation, BackupJobStatus status) => BackupResult.Fail(
        observation, status, ConditionTypes.SnapshotReady, Reason.SnapshotTimeout,
        $"the driver did not cut the snapshot within {Display.Duration(LongestFreeze)} after the before-hooks; the application is let go. See: kubectl -n {observation.Namespace} describe volumesnapshot -l {Crds.WellKnown.OwnerUidLabel}={observation.Uid}");

    private static TimeSpan Longest(BackupJobStatus status) => TimeSpan.FromSeconds(HookState.After(status).Max(hook => hook.TimeoutSeconds ?? 0)) + Margin;

    private static TimeSpan Pause(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, Math.Max(0, attempts - 1))));
}
