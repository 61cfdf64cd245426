namespace Walle.Controller.Scheduling;

/// <summary>What to do, what to persist once it is done, and when to ask again.</summary>
/// <param name="LastScheduleTime">To persist as status.lastScheduleTime. Moves on without an action while the schedule is suspended.</param>
/// <param name="RunNowAnswered">To persist beside it.</param>
/// <param name="NextTick">For status.nextScheduleTime. Null while suspended.</param>
/// <param name="WakeAt">When to decide again at the latest, if nothing happens before. Null: never.</param>
/// <param name="ClockProblem">For a condition: a clock that cannot be right.</param>
/// <param name="RunNowProblem">For an Event: a run-now that cannot be read.</param>
internal sealed record TickDecision(
    TickAction Action,
    DateTimeOffset? LastScheduleTime,
    string? RunNowAnswered,
    DateTimeOffset? NextTick,
    DateTimeOffset? WakeAt,
    string? ClockProblem = null,
    string? RunNowProblem = null);
