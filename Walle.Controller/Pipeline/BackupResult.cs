using Walle.Controller.Pipeline.Hooks;
using Walle.Controller.Pipeline.Slots;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Writes how a BackupJob ended. A result that stands is never changed.</summary>
internal static class BackupResult
{
    private const int MaxMessageLength = 4000;

    public static bool IsKnown(BackupJobStatus status) => status.IsTrue(ConditionTypes.Complete) || status.IsTrue(ConditionTypes.Failed);

    /// <summary>The result is known and nothing temporary is left, or could be removed in time.</summary>
    public static bool IsOver(BackupJobStatus status) =>
        IsKnown(status)
        // Without a slot nothing temporary was ever made: the end may be final at once.
        && (!SlotStep.IsAdmitted(status) || status.Find(ConditionTypes.CleanedUp) is { Status: ConditionStatus.True } or { Reason: nameof(Reason.CleanupTimeout) });

    /// <summary>Everything is saved. A failed after-hook fails the run all the same: the application may be frozen, and somebody has to look.</summary>
    public static PipelineDecision Succeed(BackupObservation observation, BackupJobStatus status, string message) =>
        observation.Volume is null && HookState.Failed(HookState.After(status)) is { } frozen
            ? Fail(observation, status, Reason.AfterHookFailed, $"{message}; but the application may still be frozen: {HookState.Describe(frozen)}")
            : Complete(observation, status, message);

    private static PipelineDecision Complete(BackupObservation observation, BackupJobStatus status, string message) =>
        End(observation, status.Reached(ConditionTypes.Complete, Reason.Succeeded, message, observation), Reason.Succeeded, message);

    public static PipelineDecision Fail(BackupObservation observation, BackupJobStatus status, Reason reason, string message) =>
        End(observation, status.Reached(ConditionTypes.Failed, reason, message, observation), reason, message);

    /// <summary>The step's own condition tells the same story as the result.</summary>
    public static PipelineDecision Fail(BackupObservation observation, BackupJobStatus status, string conditionType, Reason reason, string message) =>
        Fail(observation, status.Pending(conditionType, reason, message, observation), reason, message);

    private static PipelineDecision End(BackupObservation observation, BackupJobStatus status, Reason reason, string message)
    {
        var completion = ConditionSet.Seconds(observation.Now);
        var ended = status with
        {
            StartTime = status.StartTime ?? completion,
            CompletionTime = completion,
            Reason = reason.ToString(),
            Message = ConditionSet.Cut(message, MaxMessageLength),
            Duration = Display.Duration(completion - (status.StartTime ?? completion)),
            ObservedGeneration = observation.Job.Metadata.Generation,
        };
        return new PipelineDecision(BackupPhases.Derive(ended));
    }
}
