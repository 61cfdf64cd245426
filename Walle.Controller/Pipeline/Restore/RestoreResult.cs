using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>Writes how a RestoreJob ended, and derives the display phase. A result that stands is never changed.</summary>
internal static class RestoreResult
{
    private const int MaxMessageLength = 4000;

    public static bool IsKnown(RestoreJobStatus status) => status.IsTrue(ConditionTypes.Complete) || status.IsTrue(ConditionTypes.Failed);

    public static RestoreDecision Succeed(RestoreObservation observation, RestoreJobStatus status, string message) =>
        End(observation, status.With(ConditionTypes.Complete, ConditionStatus.True, Reason.Succeeded, message, observation), Reason.Succeeded, message);

    public static RestoreDecision Fail(RestoreObservation observation, RestoreJobStatus status, Reason reason, string message) =>
        End(observation, status.With(ConditionTypes.Failed, ConditionStatus.True, reason, message, observation), reason, message);

    /// <summary>The step's own condition tells the same story as the result.</summary>
    public static RestoreDecision Fail(RestoreObservation observation, RestoreJobStatus status, string conditionType, Reason reason, string message) =>
        Fail(observation, status.Pending(conditionType, reason, message, observation), reason, message);

    public static RestoreJobStatus WithPhase(this RestoreJobStatus status) => status with { Phase = Phase(status) };

    private static RestoreDecision End(RestoreObservation observation, RestoreJobStatus status, Reason reason, string message)
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
        return new RestoreDecision(ended.WithPhase());
    }

    private static string Phase(RestoreJobStatus status)
    {
        if (IsKnown(status))
        {
            // Nothing temporary was ever made: there is nothing to clean up and the phase may be final at once.
            var cleaned = status.Find(ConditionTypes.CleanedUp) is { } condition && (condition.Status == ConditionStatus.True || condition.Reason == nameof(Reason.CleanupTimeout));
            return cleaned || !status.IsTrue(ConditionTypes.Accepted) ? Terminal(status) : RestorePhase.CleaningUp;
        }

        return status switch
        {
            _ when status.IsTrue(ConditionTypes.TargetReady) => RestorePhase.Restoring,
            _ when status.PlannedClaim is not null => RestorePhase.CreatingTarget,
            _ => RestorePhase.Pending,
        };
    }

    private static string Terminal(RestoreJobStatus status) => status switch
    {
        _ when status.IsTrue(ConditionTypes.Complete) => RestorePhase.Succeeded,
        _ when status.Find(ConditionTypes.Failed)?.Reason == nameof(Reason.Cancelled) => RestorePhase.Cancelled,
        { FilesRestored: > 0 } => RestorePhase.PartiallySucceeded,
        _ => RestorePhase.Failed,
    };
}
