using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>What a change of status is worth telling as an Event: each failed run, and each new problem.</summary>
internal static class ScheduleEvents
{
    private static readonly string[] NoNews = [nameof(Reason.Suspended), nameof(Reason.LastRunFailed)];

    public static IReadOnlyList<ScheduleEvent> Between(BackupScheduleStatus before, BackupScheduleStatus after)
    {
        List<ScheduleEvent> events = [];
        if (before.LastRun?.FinishedAt is null && after.LastRun is { FinishedAt: not null, Failed: > 0 } && Problem(after, ConditionTypes.Ready) is { } failed)
        {
            events.Add(failed);
        }

        foreach (var type in new[] { ConditionTypes.Ready, ConditionTypes.WithinRPO })
        {
            if (Problem(after, type) is { } problem && problem.Reason != Problem(before, type)?.Reason && !NoNews.Contains(problem.Reason.ToString()))
            {
                events.Add(problem);
            }
        }

        return events;
    }

    private static ScheduleEvent? Problem(BackupScheduleStatus status, string type) =>
        ConditionList.Find(status.Conditions, type) is { Status: ConditionStatus.False } condition && Enum.TryParse<Reason>(condition.Reason, out var reason)
            ? new ScheduleEvent(reason, condition.Message)
            : null;
}
