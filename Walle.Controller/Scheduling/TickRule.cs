using Walle.Crds.V1;

namespace Walle.Controller.Scheduling;

/// <summary>
/// Whether a schedule runs now. Pure, and safe to ask again at any time: what was done is known from LastScheduleTime alone.
/// <list type="bullet">
/// <item>A tick up to LastScheduleTime never runs, wherever the clock goes.</item>
/// <item>Of several ticks that are due the last runs, once. When it is later than the deadline none does, and they are recorded as missed.</item>
/// <item>Forbid while a run is under way: the last tick that fell due waits, as with a CronJob, until that run or the deadline ends.</item>
/// <item>Ticks that fall due while the schedule is suspended are left out and not made up for.</item>
/// <item>Run-now works while suspended, obeys the concurrency policy, and is answered by a regular run that starts at the same time.</item>
/// </list>
/// Ported semantics: https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/cronjob/cronjob_controllerv2.go
/// </summary>
internal static class TickRule
{
    /// <summary>Ticks left out are counted up to here.</summary>
    public const int MaxCount = 100;

    private static readonly TimeSpan OnTime = TimeSpan.FromMinutes(1);

    /// <summary>A clock this far behind the last tick is told of.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A last tick this far ahead came from a clock that was wrong: waiting for it could mean no backup for years. The names of runs still keep a
    /// tick from running twice.
    /// </summary>
    private static readonly TimeSpan WrongClock = TimeSpan.FromDays(1);

    public static TickDecision Decide(TickInput input)
    {
        var (last, clock) = Last(input);
        var (request, unreadable) = RunNowRequest.Of(input);
        var start = last ?? input.Created;
        var next = input.Schedule.NextAfter(start > input.Now ? start : input.Now);
        var decision = new TickDecision(new TickAction.Wait(), last, input.RunNowAnswered, input.Suspended ? null : next, next, clock, unreadable);

        var due = input.Schedule.LatestAtOrBefore(input.Now, start);
        if (input.Suspended && due is not null)
            (decision, due) = (decision with { LastScheduleTime = due }, null);
        if (due is { } tick)
            return Due(input, decision, tick, start, request);
        return request is null ? decision : Requested(input, decision, request);
    }

    private static TickDecision Due(TickInput input, TickDecision decision, DateTimeOffset tick, DateTimeOffset start, RunNowRequest? request)
    {
        var blocked = Blocked(input, tick);
        var missed = input.Schedule.CountBetween(start, tick.AddMinutes(-1), MaxCount);
        if (input.StartingDeadline is { } deadline)
        {
            // Somebody who asked gets a run all the same, in the decision after this.
            if (input.Now - tick > deadline)
            {
                var why = $"not started within {deadline.TotalSeconds:0} s{(blocked ? ", as the run before is still under way" : "")}";
                return decision with
                {
                    Action = new TickAction.Missed(tick, Math.Min(missed + 1, MaxCount), why),
                    LastScheduleTime = tick,
                    WakeAt = request is null ? decision.WakeAt : input.Now,
                };
            }

            var end = tick + deadline + TimeSpan.FromSeconds(1);
            if (blocked && (decision.WakeAt is null || end < decision.WakeAt))
                decision = decision with { WakeAt = end };
        }

        if (blocked)
            return decision with { Action = Waiting() };
        var cause = missed > 0 || input.Now - tick >= OnTime ? RunCause.CatchUp : RunCause.OnTime;
        return decision with
        {
            Action = new TickAction.Run(tick, cause, missed, Replaces(input, tick)),
            LastScheduleTime = tick,
            RunNowAnswered = request?.Value ?? input.RunNowAnswered,
        };
    }

    private static TickDecision Requested(TickInput input, TickDecision decision, RunNowRequest request)
    {
        if (Blocked(input, request.Tick))
            return decision with { Action = Waiting() };

        // A regular tick of the same minute, which may lie up to a minute ahead, is this run: it has the same name.
        var isTick = input.Schedule.NextAfter(request.Tick.AddMinutes(-1)) == request.Tick;
        var covers = isTick && request.Tick > (decision.LastScheduleTime ?? input.Created);
        var next = covers && decision.WakeAt <= request.Tick ? input.Schedule.NextAfter(request.Tick) : decision.WakeAt;
        return decision with
        {
            Action = new TickAction.Run(request.Tick, RunCause.RunNow, MissedCount: 0, Replaces(input, request.Tick)),
            LastScheduleTime = covers ? request.Tick : decision.LastScheduleTime,
            RunNowAnswered = request.Value,
            NextTick = input.Suspended ? null : next,
            WakeAt = next,
        };
    }

    private static bool Blocked(TickInput input, DateTimeOffset tick) => input.ConcurrencyPolicy is null or ConcurrencyPolicy.Forbid && OtherIsActive(input, tick);

    private static bool Replaces(TickInput input, DateTimeOffset tick) => OtherIsActive(input, tick) && input.ConcurrencyPolicy == ConcurrencyPolicy.Replace;

    private static bool OtherIsActive(TickInput input, DateTimeOffset tick) => input.ActiveTick is { } active && active != tick;

    private static TickAction.Wait Waiting() => new("the run before is still under way");

    private static (DateTimeOffset? Last, string? Problem) Last(TickInput input)
    {
        if (input.LastScheduleTime is not { } last || last - input.Now <= Skew)
            return (input.LastScheduleTime, null);
        return last - input.Now > WrongClock
            ? (input.Now, $"the last run was for {last.UtcDateTime:u}, which is more than a day ahead: a clock was wrong, and the schedule goes on from now")
            : (last, $"the last run was for {last.UtcDateTime:u}, which is still to come: a clock is wrong, and nothing runs before that time has passed");
    }
}
