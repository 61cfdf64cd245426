using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>As <see cref="ConditionSet"/>, for a RestoreJob.</summary>
internal static class RestoreConditions
{
    public static bool IsTrue(this RestoreJobStatus status, string type) => status.Find(type)?.Status == ConditionStatus.True;

    public static Condition? Find(this RestoreJobStatus status, string type) => ConditionList.Find(status.Conditions, type);

    public static DateTimeOffset Since(this RestoreJobStatus status, string type, DateTimeOffset otherwise) => status.Find(type)?.LastTransitionTime ?? otherwise;

    public static RestoreJobStatus With(this RestoreJobStatus status, string type, string value, Reason reason, string message, RestoreObservation observation)
    {
        var conditions = ConditionList.With(status.Conditions, type, value, reason, message, observation.Job.Metadata.Generation, observation.Now);
        return ReferenceEquals(conditions, status.Conditions) ? status : status with { Conditions = conditions };
    }

    public static RestoreJobStatus Pending(this RestoreJobStatus status, string type, Reason reason, string message, RestoreObservation observation) =>
        status.With(type, ConditionStatus.False, reason, message, observation) with { Reason = reason.ToString(), Message = ConditionSet.Cut(message, ConditionList.MaxMessageLength) };

    public static RestoreJobStatus Reached(this RestoreJobStatus status, string type, string message, RestoreObservation observation) =>
        status.With(type, ConditionStatus.True, type == ConditionTypes.Accepted ? Reason.Accepted : Reason.Succeeded, message, observation);

    /// <summary>The first message of a reason stays: a quota's message holds counts that change with each try.</summary>
    public static RestoreJobStatus HeldUp(this RestoreJobStatus status, string type, ActionFailure? failure, RestoreObservation observation) =>
        failure is null || (status.Find(type) is { Status: ConditionStatus.False } held && held.Reason == failure.Reason.ToString())
            ? status
            : status.Pending(type, failure.Reason, failure.Message, observation);
}
