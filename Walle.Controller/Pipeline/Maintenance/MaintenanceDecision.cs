using Walle.Controller.Pipeline.Schedules;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>What comes next for a schedule's prune and check. As everywhere a status that differs is written before anything is done.</summary>
/// <param name="WakeAt">By the clock; null: only an event changes anything.</param>
internal sealed record MaintenanceDecision(BackupScheduleStatus Status, ScheduleAction? Action = null, DateTimeOffset? WakeAt = null, ScheduleEvent? Event = null);
