using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>
/// What to do next. As for a BackupJob a status that differs is written first; the actions follow in the next reconcile.
/// </summary>
/// <param name="Events">To be told once the status is written.</param>
/// <param name="WakeAt">By the clock; null: only an event changes anything.</param>
internal sealed record ScheduleDecision(
    BackupScheduleStatus Status, IReadOnlyList<ScheduleAction> Actions, IReadOnlyList<ScheduleEvent> Events, DateTimeOffset? WakeAt);
