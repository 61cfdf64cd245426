using Walle.Controller.Pipeline.Schedules;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>What the BackupJobs into the same repository have found out about it.</summary>
internal static class RepositoryFacts
{
    public static BackupScheduleStatus Write(ScheduleObservation observation, BackupScheduleStatus status)
    {
        var newest = observation.RepositoryJobs.Where(job => job.Status?.RepositoryId is not null).MaxBy(job => job.Status!.CompletionTime);
        var made = observation.RepositoryJobs.Where(job => job.Status is { InitializedRepository: true }).Max(job => job.Status!.CompletionTime);
        return newest is null && made is null
            ? status
            : status with { Repository = new RepositoryStatus { Id = newest?.Status!.RepositoryId ?? status.Repository?.Id, InitializedAt = made ?? status.Repository?.InitializedAt } };
    }

    /// <summary>
    /// Of each claim the newest complete backup by this schedule: whatever retention says, that one is kept, so one that is missing was removed by somebody.
    /// </summary>
    public static IReadOnlyList<string> Expected(ScheduleObservation observation) =>
    [
        .. observation.Jobs.Where(job => job.Status?.IsTrue(ConditionTypes.Complete) == true)
            .SelectMany(job => job.Status!.Volumes ?? [])
            .Where(volume => volume.ResticSnapshotId is { } id && UploadRecord.IsSnapshotId(id))
            .GroupBy(volume => volume.ClaimName)
            .OrderBy(ofClaim => ofClaim.Key, StringComparer.Ordinal)
            .Select(ofClaim => ofClaim.MaxBy(volume => volume.SnapshotTime)!.ResticSnapshotId!),
    ];
}
