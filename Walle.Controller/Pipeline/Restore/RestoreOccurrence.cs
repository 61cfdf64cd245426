using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>As <see cref="OccurrenceRule"/>, for a RestoreJob: its end, and each new problem on the way.</summary>
internal static class RestoreOccurrence
{
    public static OccurrenceRule? Between(RestoreJobStatus? before, RestoreJobStatus after)
    {
        if (after.Find(ConditionTypes.CleanedUp) is { Reason: nameof(Reason.CleanupTimeout) } stuck)
        {
            return before?.Find(ConditionTypes.CleanedUp)?.Reason == stuck.Reason ? null : new OccurrenceRule("Warning", stuck.Reason, stuck.Message);
        }

        var ends = RestoreResult.IsKnown(after) && (before is null || !RestoreResult.IsKnown(before));
        return after.Reason is null || (!ends && (after.Reason == before?.Reason || OccurrenceRule.IsProgress(after.Reason)))
            ? null
            : new OccurrenceRule(after.IsTrue(ConditionTypes.Complete) ? "Normal" : "Warning", after.Reason, after.Message ?? after.Reason);
    }
}
