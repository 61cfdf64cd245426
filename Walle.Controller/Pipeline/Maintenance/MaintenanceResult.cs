using Walle.Controller.Pipeline.Schedules;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>Writes how a prune or check ended, and what that says about the repository.</summary>
internal static class MaintenanceResult
{
    private const string Troubleshooting = "https://restic.readthedocs.io/en/stable/077_troubleshooting.html";

    /// <summary>It has not ended as long as a worker may be left (<see cref="WorkingStep"/>); but the result stands.</summary>
    public static MaintenanceStatus Decided(MaintenanceStatus run, Reason reason, string message) =>
        run with { Result = reason.ToString(), Message = ConditionSet.Cut(message, ConditionList.MaxMessageLength) };

    public static bool IsDecided(MaintenanceStatus run) => run.Result is not (null or nameof(Reason.InProgress) or nameof(Reason.WaitingForRepository));

    public static MaintenanceDecision Succeed(MaintenanceObservation observation, BackupScheduleStatus status, MaintenanceStatus run, WorkerResult result)
    {
        var part = run is CheckStatus { Part: { } k, Of: { } n } ? $", part {k} of {n} of the data was read" : "";
        var message = run is PruneStatus
            ? $"{result.Forgotten ?? 0} backups forgotten, {result.Kept ?? 0} kept, {Display.Bytes(result.BytesRemoved ?? 0)} removed"
            : $"no damage found{part}";
        if (run is PruneStatus prune)
        {
            run = prune with { Forgotten = result.Forgotten, Kept = result.Kept, BytesRemoved = result.BytesRemoved };
        }

        // Where nothing checks the repository, a prune that went well is all there is to say that it is whole again.
        if (run is CheckStatus || (observation.Schedule.Spec.Check is null && ConditionList.Find(status.Conditions, ConditionTypes.RepositoryHealthy) is not null))
        {
            status = Health(observation, status, ConditionStatus.True, Reason.RepositoryHealthy, message);
        }

        run = Decided(run, Reason.Succeeded, message) with { FinishedAt = ConditionSet.Seconds(observation.Now), LastSuccessfulTime = ConditionSet.Seconds(observation.Now), Unlocking = null };
        return new MaintenanceDecision(MaintenanceRuns.With(status, run), Event: Missing(observation, result));
    }

    public static MaintenanceDecision End(MaintenanceObservation observation, BackupScheduleStatus status, MaintenanceStatus run, Reason reason, string message)
    {
        var (ns, name) = (observation.Namespace, observation.Schedule.Metadata.Name);
        var verb = run is PruneStatus ? WorkerVerb.Prune : WorkerVerb.Check;
        var decided = Decided(run, reason, message) with { FinishedAt = ConditionSet.Seconds(observation.Now), Unlocking = null };
        if (reason == Reason.RepositoryDamaged && run.StartedAt is not null)
        {
            var again = observation.Schedule.Spec.Check is null ? "" : $"; then check again: kubectl -n {ns} annotate backupschedule {name} --overwrite {Crds.WellKnown.CheckNowAnnotation}=$(date -u +%FT%TZ)";
            status = Health(observation, status, ConditionStatus.False, reason, $"{message}; nothing is forgotten or pruned, backups go on. Repair it as {Troubleshooting} says{again}");
            message = ConditionList.Find(status.Conditions, ConditionTypes.RepositoryHealthy)!.Message;
        }

        return new MaintenanceDecision(MaintenanceRuns.With(status, decided), Event: reason == Reason.Cancelled ? null : new ScheduleEvent(reason, $"{verb}: {message}"));
    }

    private static ScheduleEvent? Missing(MaintenanceObservation observation, WorkerResult result) => result.Missing is { Count: > 0 } missing
        ? new ScheduleEvent(Reason.SnapshotMissing,
            $"{missing.Count} backups that stand in the status of BackupJobs are not in the repository: {string.Join(", ", missing.Select(id => id.Length >= 8 ? id[..8] : id))}; look who has access to it (Secret {observation.SecretName}), and make a new backup")
        : null;

    private static BackupScheduleStatus Health(MaintenanceObservation observation, BackupScheduleStatus status, string value, Reason reason, string message) => status with
    {
        Conditions = ConditionList.With(status.Conditions, ConditionTypes.RepositoryHealthy, value, reason, message, observation.Schedule.Metadata.Generation, observation.Now),
    };
}
