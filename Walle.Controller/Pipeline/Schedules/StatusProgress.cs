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

    /// <summary>
    /// True when all that has changed is that the BackupJobs which the run's announcement names exist now. That can wait until one of them ends: as long as
    /// all exist, whoever finds the run as it was announced creates nothing.
    /// </summary>
    public static bool IsStart(BackupScheduleStatus? before, BackupScheduleStatus after) =>
        before is { LastRun.StartedAt: null, Active: not null } && after.LastRun is { StartedAt: not null, FinishedAt: null } && JsonNode.DeepEquals(BeforeStart(before), BeforeStart(after));

    private static JsonNode? BeforeStart(BackupScheduleStatus status) => Node(
        status with { Active = status.Active?.ConvertAll(backup => backup with { Uid = null }), LastRun = status.LastRun! with { StartedAt = null } });

    private static JsonNode? Rest(BackupScheduleStatus status) => Node(
        status with
        {
            Active = null,
            Protected = null,
            LastRun = status.LastRun is { } run ? run with { StartedAt = null, Total = null, Running = null, Succeeded = null, Failed = null } : null,
            Selected = status.Selected?.ConvertAll(source => source with { Claims = source.Claims?.ConvertAll(claim => claim with { LastBackupTime = null }) }),
        });

    private static JsonNode? Node(BackupScheduleStatus status) => JsonSerializer.SerializeToNode(status, CrdJsonContext.Default.BackupScheduleStatus);
}
