using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>Condition Ready: the schedule starts runs, and the last one succeeded. False is what somebody ought to look at.</summary>
internal static class Readiness
{
    public static BackupScheduleStatus Write(ScheduleObservation observation, BackupScheduleStatus status, string? clockProblem)
    {
        if (clockProblem is not null)
        {
            return NotReady(observation, status, Reason.ClockSkew, clockProblem);
        }

        if (observation.Schedule.Spec.Suspend == true)
        {
            return NotReady(observation, status, Reason.Suspended, $"no run starts until it is resumed: kubectl -n {observation.Namespace} patch backupschedule {observation.Name} --type merge -p '{{\"spec\":{{\"suspend\":false}}}}'");
        }

        if (observation.Selection.Sources.Count == 0)
        {
            return NotReady(observation, status, Reason.NothingSelected, observation.Selection.LeftOut.Count == 0
                ? $"there is no PersistentVolumeClaim in namespace {observation.Namespace}"
                : $"the selectors match nothing that can be backed up; status.selected says why for each candidate: kubectl -n {observation.Namespace} get backupschedule {observation.Name} -o yaml");
        }

        if (Failure(observation, status) is { } failure)
        {
            return NotReady(observation, status, Reason.LastRunFailed, failure);
        }

        return status.LastSuccessfulTime is null
            ? With(observation, status, ConditionStatus.True, Reason.Accepted, "no run has ended yet; status.nextScheduleTime says when the next one is due")
            : With(observation, status, ConditionStatus.True, Reason.Succeeded, "every backup of the last run succeeded");
    }

    public static BackupScheduleStatus NotReady(ScheduleObservation observation, BackupScheduleStatus status, Reason reason, string message) =>
        With(observation, status, ConditionStatus.False, reason, message);

    /// <summary>Of the last run that ended: one that is under way says nothing yet, and what was true before it still is.</summary>
    public static string? Failure(ScheduleObservation observation, BackupScheduleStatus status) => status.LastRun switch
    {
        { FinishedAt: not null, Failed: > 0 } run =>
            $"{run.Failed} of {run.Total} backups of the run of {run.ScheduledFor?.UtcDateTime:u} failed; see them with: kubectl -n {observation.Namespace} get backupjobs -l {WellKnown.ScheduleLabel}={observation.Name} -o wide",
        { FinishedAt: null } when ConditionList.Find(status.Conditions, ConditionTypes.Ready) is { Reason: nameof(Reason.LastRunFailed) } still => still.Message,
        _ => null,
    };

    private static BackupScheduleStatus With(ScheduleObservation observation, BackupScheduleStatus status, string value, Reason reason, string message) => status with
    {
        Conditions = ConditionList.With(status.Conditions, ConditionTypes.Ready, value, reason, message, observation.Schedule.Metadata.Generation, observation.Now),
    };
}
