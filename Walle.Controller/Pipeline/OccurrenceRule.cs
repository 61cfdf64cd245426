using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>What a change of status is worth telling as an Event: the end of a run, and each new problem on the way.</summary>
internal sealed record OccurrenceRule(string Type, string Reason, string Message)
{
    private const string Normal = "Normal";
    private const string Warning = "Warning";

    public static OccurrenceRule? Between(BackupJobStatus? before, BackupJobStatus after)
    {
        if (after.Find(ConditionTypes.CleanedUp) is { Reason: nameof(Crds.Conditions.Reason.CleanupTimeout) } stuck)
        {
            return before?.Find(ConditionTypes.CleanedUp)?.Reason == stuck.Reason ? null : new OccurrenceRule(Warning, stuck.Reason, stuck.Message);
        }

        // The end is told even when its reason was told before, as a problem that might have passed.
        var ends = BackupResult.IsKnown(after) && (before is null || !BackupResult.IsKnown(before));
        if (after.Reason is null || (!ends && (after.Reason == before?.Reason || IsProgress(after.Reason))))
        {
            return null;
        }

        return new OccurrenceRule(after.IsTrue(ConditionTypes.Complete) ? Normal : Warning, after.Reason, after.Message ?? after.Reason);
    }

    internal static bool IsProgress(string reason) =>
        reason is nameof(Crds.Conditions.Reason.Accepted) or nameof(Crds.Conditions.Reason.InProgress) or nameof(Crds.Conditions.Reason.Waiting) or nameof(Crds.Conditions.Reason.WaitingForSlot);
}
