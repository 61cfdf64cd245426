using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>
/// Which BackupJobs of a schedule are old enough to go: beyond the limits, counted for each source. The newest success of a source always stays: its
/// status holds the command that restores it. No backup is deleted with a BackupJob.
/// </summary>
internal static class HistoryRule
{
    private const int DefaultLimit = 3;

    /// <summary>Of sources that are not selected any more: each of their newest successes stays, up to so many in all.</summary>
    private const int MaxOrphans = 64;

    public static IEnumerable<BackupJob> Superfluous(ScheduleObservation observation, DateTimeOffset? unfinishedTick)
    {
        var spec = observation.Schedule.Spec;
        // Those of a run that has not ended are still to be counted.
        var over = observation.Jobs
            .Where(job => job is { Status: { } status, Metadata.DeletionTimestamp: null } && BackupResult.IsOver(status) && (unfinishedTick is null || RunManifest.TickOf(job) != unfinishedTick))
            .OrderByDescending(job => job.Metadata.CreationTimestamp).ThenByDescending(job => job.Metadata.Name, StringComparer.Ordinal)
            .ToList();
        var selected = observation.Selection.Sources.Select(source => (source.Kind, source.Name)).ToHashSet();
        List<BackupJob> orphans = [];
        foreach (var ofSource in over.GroupBy(SourceOf))
        {
            var succeeded = ofSource.Where(job => job.Status!.IsTrue(ConditionTypes.Complete)).ToList();
            var failed = ofSource.Where(job => !job.Status!.IsTrue(ConditionTypes.Complete));
            if (!selected.Contains(ofSource.Key))
            {
                orphans.AddRange(succeeded.Take(1));
            }

            foreach (var job in succeeded.Skip(Math.Max(1, spec.SuccessfulJobsHistoryLimit ?? DefaultLimit)).Concat(failed.Skip(spec.FailedJobsHistoryLimit ?? DefaultLimit)))
            {
                yield return job;
            }
        }

        foreach (var job in orphans.OrderByDescending(job => job.Metadata.CreationTimestamp).Skip(MaxOrphans))
        {
            yield return job;
        }
    }

    private static (string Kind, string Name) SourceOf(BackupJob job) => (job.Spec.Source.Kind ?? SourceKind.PersistentVolumeClaim, job.Spec.Source.Name);
}
