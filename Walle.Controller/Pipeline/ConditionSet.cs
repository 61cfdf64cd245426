using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Reads and changes the conditions of a status; never in place.</summary>
internal static class ConditionSet
{
    public static bool IsTrue(this BackupJobStatus status, string type) => status.Find(type)?.Status == ConditionStatus.True;

    public static Condition? Find(this BackupJobStatus status, string type) => status.Conditions?.Find(condition => condition.Type == type);

    /// <summary>When the condition took its present status; the clock of a deadline that survives restarts.</summary>
    public static DateTimeOffset Since(this BackupJobStatus status, string type, DateTimeOffset otherwise) =>
        status.Find(type)?.LastTransitionTime ?? otherwise;

    /// <summary>lastTransitionTime moves only when the status does, and never back (Kubernetes API conventions, "Typical status properties").</summary>
    public static BackupJobStatus With(this BackupJobStatus status, string type, string value, Reason reason, string message, BackupObservation observation)
    {
        var conditions = ConditionList.With(status.Conditions, type, value, reason, message, observation.Job.Metadata.Generation, observation.Now);
        return ReferenceEquals(conditions, status.Conditions) ? status : status with { Conditions = conditions };
    }

    /// <summary>The step is under way or held up: condition False, and the same reason and message on top for <c>kubectl get</c>.</summary>
    public static BackupJobStatus Pending(this BackupJobStatus status, string type, Reason reason, string message, BackupObservation observation) =>
        status.With(type, ConditionStatus.False, reason, message, observation) with { Reason = reason.ToString(), Message = Cut(message, ConditionList.MaxMessageLength) };

    /// <summary>
    /// The API server refuses the step's write. The first message of a reason stays: a quota's message holds counts that change with each try.
    /// </summary>
    public static BackupJobStatus HeldUp(this BackupJobStatus status, string type, ActionFailure? failure, BackupObservation observation) =>
        failure is null || (status.Find(type) is { Status: ConditionStatus.False } held && held.Reason == failure.Reason.ToString())
            ? status
            : status.Pending(type, failure.Reason, failure.Message, observation);

    public static BackupJobStatus Reached(this BackupJobStatus status, string type, Reason reason, string message, BackupObservation observation) =>
        status.With(type, ConditionStatus.True, reason, message, observation);

    /// <summary>Times in a status are whole seconds: that is what comes back from the API server.</summary>
    public static DateTimeOffset Seconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);

    /// <summary>Never between the two halves of a character: half of one does not come back from the API server as it was written.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
