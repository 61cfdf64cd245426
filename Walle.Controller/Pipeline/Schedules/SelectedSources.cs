using Walle.Controller.Projections;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>
/// Writes status.selected: what the next run will back up, and why each other candidate is left out. The time of each claim's newest backup is kept
/// there, so that it outlives the BackupJobs.
/// </summary>
internal static class SelectedSources
{
    private const int MaxSources = 256;
    private const int MaxClaims = 512;
    private const int MaxClaimsOfSource = 64;

    public static BackupScheduleStatus Write(ScheduleObservation observation, BackupScheduleStatus status, IReadOnlyList<ProtectedClaim> claims)
    {
        var byUid = claims.ToDictionary(claim => claim.Uid);
        var room = MaxClaims;
        List<SelectedSource> selected = [];
        foreach (var source in observation.Selection.Sources.Take(MaxSources))
        {
            var listed = source.Claims.Take(Math.Min(room, MaxClaimsOfSource)).Select(claim => Selected(byUid[claim.Uid])).ToList();
            room -= listed.Count;
            selected.Add(new SelectedSource { Kind = source.Kind, Name = source.Name, Claims = listed });
        }

        selected.AddRange(observation.Selection.LeftOut.Take(MaxSources - selected.Count).Select(source => new SelectedSource
        {
            Kind = source.Kind,
            Name = source.Name,
            Reason = source.Reason.ToString(),
            Message = ConditionSet.Cut(source.Message, 1024),
        }));
        return status with
        {
            Selected = selected,
            Protected = $"{claims.Count(claim => claim.LastBackupTime is not null)}/{observation.Selection.WantedClaims}",
        };
    }

    /// <summary>What is known of each claim that is backed up: from the BackupJobs there are, and from the status for those that are gone.</summary>
    public static IReadOnlyList<ProtectedClaim> Known(ScheduleObservation observation)
    {
        var newest = CompleteBackups.NewestTimes(observation.RepositoryJobs);
        var stored = (observation.Schedule.Status?.Selected ?? []).SelectMany(source => source.Claims ?? []).Where(claim => claim.Uid is not null)
            .DistinctBy(claim => claim.Uid).ToDictionary(claim => claim.Uid!);
        return [.. observation.Selection.Sources.SelectMany(source => source.Claims).DistinctBy(claim => claim.Uid).Select(claim => Known(claim, stored, newest, observation.Now))];
    }

    private static ProtectedClaim Known(
        ClaimProjection claim, Dictionary<string, SelectedClaim> stored, IReadOnlyDictionary<string, DateTimeOffset> newest, DateTimeOffset now)
    {
        var uid = claim.Uid;
        var before = stored.GetValueOrDefault(uid);
        var last = newest.TryGetValue(uid, out var time) && (before?.LastBackupTime is not { } known || known < time) ? time : before?.LastBackupTime;
        return new ProtectedClaim(claim.Name.Name, uid, before?.SelectedSince ?? ConditionSet.Seconds(now), last);
    }

    private static SelectedClaim Selected(ProtectedClaim claim) =>
        new() { Name = claim.Name, Uid = claim.Uid, SelectedSince = claim.SelectedSince, LastBackupTime = claim.LastBackupTime };
}
