using System.Text.Json;
using System.Text.Json.Nodes;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>
/// Tells a change of a BackupJob's status that only says how far it has come, and that a restart finds out again from the objects themselves, from
/// one that must be known before anything else happens. Of two hundred backups at night nobody looks at each step; the API server has to store it.
/// A BackupJob made by hand tells each step at once.
/// </summary>
internal static class ProgressRule
{
    private static readonly string[] Steps = [ConditionTypes.SnapshotReady, ConditionTypes.CloneBound, ConditionTypes.Uploaded];

    /// <summary>True when nothing else has changed than the progress of one volume's first attempt.</summary>
    public static bool MayWait(BackupJob stored, BackupJobStatus after) =>
        stored.Metadata.Labels?.ContainsKey(WellKnown.ScheduleLabel) == true
        && stored.Status is { Volumes.Count: 1, Hooks: null, Dumps: null } before
        && before.IsTrue(ConditionTypes.Admitted)
        && after.Attempts is null or 1
        && after.Reason == nameof(Reason.InProgress)
        && JsonNode.DeepEquals(Rest(before), Rest(after));

    private static JsonNode? Rest(BackupJobStatus status) => JsonSerializer.SerializeToNode(
        status with
        {
            Phase = null,
            Reason = null,
            Message = null,
            Attempts = null,
            Conditions = status.Conditions?.FindAll(condition => !IsProgress(condition)),
            Volumes = status.Volumes?.ConvertAll(volume => volume with { VolumeSnapshotUid = null, SnapshotTime = null, ChangeDetection = null, RunsSinceFullRead = null }),
        },
        CrdJsonContext.Default.BackupJobStatus);

    private static bool IsProgress(Condition condition) =>
        Steps.Contains(condition.Type) && condition.Reason is nameof(Reason.InProgress) or nameof(Reason.Succeeded);
}
