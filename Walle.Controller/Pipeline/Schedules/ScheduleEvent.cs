using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>Something that happened to a schedule and is worth a Warning.</summary>
internal sealed record ScheduleEvent(Reason Reason, string Message);
