using System.Text.Json;
using System.Text.Json.Nodes;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>Tells a change that can wait a little (how far a run has come) from one that cannot.</summary>
internal static class StatusProgress
{
    /// <summary>True when nothing else has changed.</summary>
    public static bool IsAll(BackupScheduleStatus? before, BackupScheduleStatus after) => before is not null && JsonNode.DeepEquals(Rest(before), Rest(after));

    private static JsonNode? Rest(BackupScheduleStatus status) => JsonSerializer.SerializeToNode(
        status with
        {
            Active = null,
            Protected = null,
            LastRun = status.LastRun is { } run ? run with { StartedAt = null, Total = null, Running = null, Succeeded = null, Failed = null } : null,
            Selected = status.Selected?.ConvertAll(source => source with { Claims = source.Claims?.ConvertAll(claim => claim with { LastBackupTime = null }) }),
        },
        CrdJsonContext.Default.BackupScheduleStatus);
}
