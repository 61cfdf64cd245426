using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Hooks;

/// <summary>
/// Before the snapshots: what is going to run is written as Started, then it is started, and its end is awaited as an event. A before-hook that a
/// controller left behind, or whose connection was cut, may have run: its after-hook runs, and all is begun again, a few times.
/// </summary>
internal static class BeforeHookStep
{
    private const int MostRounds = 3;
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    public static PipelineDecision? Decide(BackupObservation observation, ref BackupJobStatus status)
    {
        if (status.IsTrue(ConditionTypes.SnapshotReady))
            return null;
        if (status.Hooks is null)
            return Open(observation, ref status);
        if (Run(observation, ref status) is { } decision)
            return decision;
        if (HookState.IsUnknown(status))
            return HookState.IsOpen(status) ? null : BeginAgain(observation, status);
        return HookState.Failed(HookState.Before(status)) is { } failed
            ? Fail(observation, status, Enum.TryParse<Reason>(failed.Reason, out var reason) ? reason : Reason.HookFailed, HookState.Describe(failed))
            : null;
    }

    private static PipelineDecision? Open(BackupObservation observation, ref BackupJobStatus status)
    {
        switch (observation.Plan)
        {
            case { Problem: { } problem }:
                return Fail(observation, status, problem.Reason, problem.Message);
            case { HasHooks: true } plan:
                status = status.Pending(ConditionTypes.HooksCompleted, Reason.InProgress, "the hooks are run around the snapshots", observation) with
                {
                    Hooks = HookState.Open(plan, observation.Instance, ConditionSet.Seconds(observation.Now)),
                    HookRounds = (status.HookRounds ?? 0) + 1,
                };
                return plan.Before.Count > 0 ? new PipelineDecision(BackupPhases.Derive(status)) : null;
            default:
                return null;
        }
    }

    private static PipelineDecision? Run(BackupObservation observation, ref BackupJobStatus status)
    {
        Dictionary<string, HookStatus> changed = [];
        List<HookRun> starts = [];
        var longest = TimeSpan.Zero;
        foreach (var hook in HookState.Before(status).Where(hook => hook.Phase == HookPhase.Started))
        {
            var key = HookState.Key(status, hook);
            if (hook.StartedBy != observation.Instance)
            {
                changed[hook.Name] = HookState.Ended(hook, HookPhase.Unknown, Reason.HookInterrupted, "the controller was restarted while it ran", observation.Now);
            }
            else if (!observation.HookRuns.TryGetValue(key, out var result))
            {
                if (HookState.Target(observation.Plan, hook) is { } target)
                    starts.Add(new HookRun(key, target, IsThaw: false));
                else
                    changed[hook.Name] = HookState.Ended(hook, HookPhase.Failed, Reason.InvalidHook, "its annotation was changed or its Pod replaced before it was started", observation.Now);
            }
            else if (result is not null)
            {
                var ended = HookState.Ended(hook, result, status.Hooks!.Count);
                changed[hook.Name] = result.Reason == Reason.HookUnreachable && hook.ContinueOnError != true ? ended with { Phase = HookPhase.Unknown } : ended;
            }

            longest = TimeSpan.FromSeconds(Math.Max(longest.TotalSeconds, hook.TimeoutSeconds ?? 0));
        }

        status = HookState.With(status, changed);
        return HookState.Before(status).Any(hook => hook.Phase == HookPhase.Started)
            ? new PipelineDecision(BackupPhases.Derive(status), starts.Count > 0 ? new PipelineAction.RunHooks(starts) : null, longest + Margin)
            : null;
    }

    /// <summary>The after-hooks have been run; no snapshot has been made yet.</summary>
    private static PipelineDecision BeginAgain(BackupObservation observation, BackupJobStatus status)
    {
        var lost = HookState.Before(status).First(hook => hook.Phase == HookPhase.Unknown);
        var told = HookState.Describe(lost);
        if (HookState.Failed(HookState.After(status)) is { } frozen)
            return Fail(observation, status, Reason.AfterHookFailed, $"the application may still be frozen: {HookState.Describe(frozen)}; before that, {told}");
        if (status.HookRounds >= MostRounds)
        {
            var reason = Enum.TryParse<Reason>(lost.Reason, out var parsed) ? parsed : Reason.HookInterrupted;
            return Fail(observation, status, reason, $"{told}; so it was {MostRounds} times, and the after-hooks have been run each time. See why, then create a new BackupJob");
        }

        var again = status.Pending(ConditionTypes.HooksCompleted, Reason.InProgress, $"{told}: the after-hooks have been run, and the hooks begin again", observation);
        return new PipelineDecision(BackupPhases.Derive(again with { Hooks = null, FrozenSeconds = null }), RequeueAfter: TimeSpan.FromSeconds(1));
    }

    private static PipelineDecision Fail(BackupObservation observation, BackupJobStatus status, Reason reason, string message) =>
        BackupResult.Fail(observation, status, ConditionTypes.HooksCompleted, reason, message);
}
