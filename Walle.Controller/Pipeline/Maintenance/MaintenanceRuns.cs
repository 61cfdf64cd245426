using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>The two kinds of maintenance in a schedule's status, by their verbs. One of them at a time is under way.</summary>
internal static class MaintenanceRuns
{
    public static (string Verb, MaintenanceStatus Status)? UnderWay(BackupScheduleStatus? status)
    {
        if (status?.LastPrune is { ScheduledFor: not null, FinishedAt: null } prune)
        {
            return (WorkerVerb.Prune, prune);
        }

        return status?.LastCheck is { ScheduledFor: not null, FinishedAt: null } check ? (WorkerVerb.Check, check) : null;
    }

    public static MaintenanceStatus? Of(BackupScheduleStatus status, string verb) => verb == WorkerVerb.Prune ? status.LastPrune : status.LastCheck;

    public static BackupScheduleStatus With(BackupScheduleStatus status, MaintenanceStatus run) =>
        run is PruneStatus prune ? status with { LastPrune = prune } : status with { LastCheck = (CheckStatus)run };
}
