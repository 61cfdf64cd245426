using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>The newest complete backup of each claim, as far as BackupJobs tell: by the claim's UID, as a new claim of an old name is another volume.</summary>
internal static class CompleteBackups
{
    public static IReadOnlyDictionary<string, DateTimeOffset> NewestTimes(IEnumerable<BackupJob> jobs)
    {
        Dictionary<string, DateTimeOffset> newest = [];
        foreach (var (uid, time) in jobs.SelectMany(Of))
        {
            if (!newest.TryGetValue(uid, out var known) || known < time)
            {
                newest[uid] = time;
            }
        }

        return newest;
    }

    /// <summary>Of a run that succeeded for some of its volumes none counts here: which of them are whole only the run as such tells.</summary>
    public static IEnumerable<(string ClaimUid, DateTimeOffset Time)> Of(BackupJob job) =>
        job.Status is { } status && status.IsTrue(ConditionTypes.Complete)
            ? (status.Volumes ?? []).Where(volume => volume is { ClaimUid: not null, SnapshotTime: not null }).Select(volume => (volume.ClaimUid!, volume.SnapshotTime!.Value))
            : [];
}
