using System.Globalization;
using Walle.Controller.Pipeline.Selection;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>A BackupJob of a run. It holds all that it needs: a later edit of the schedule does not reach it.</summary>
internal static class RunManifest
{
    public static BackupJob Build(BackupSchedule schedule, DateTimeOffset tick, SourceToBackUp source) => new()
    {
        ApiVersion = ApiGroup.ApiVersion,
        Kind = ApiGroup.BackupJobKind,
        Metadata = new ObjectMeta
        {
            Name = RunNames.BackupJob(schedule.Metadata.Name ?? "", tick, source.Kind, source.Name),
            Namespace = schedule.Metadata.Namespace,
            Labels = new Dictionary<string, string> { [WellKnown.ScheduleLabel] = schedule.Metadata.Name ?? "" },
            Annotations = new Dictionary<string, string> { [WellKnown.ScheduledForAnnotation] = Text(tick) },
            // At once: one write less than if the BackupJob's own reconciler adds it.
            Finalizers = [WellKnown.Finalizer],
            OwnerReferences =
            [
                new OwnerReference
                {
                    ApiVersion = ApiGroup.ApiVersion,
                    Kind = ApiGroup.BackupScheduleKind,
                    Name = schedule.Metadata.Name,
                    Uid = schedule.Metadata.Uid,
                    Controller = true,
                    BlockOwnerDeletion = false,
                },
            ],
        },
        Spec = new BackupJobSpec
        {
            Source = new BackupSource
            {
                Kind = source.Kind,
                Name = source.Name,
                ClaimNames = source.IsWhole || source.Claims.Count == 0 ? null : [.. source.Claims.Select(claim => claim.Name.Name)],
            },
            // Without what is prune's alone.
            Repository = new RepositorySpec { SecretRef = schedule.Spec.Repository.SecretRef, Volume = schedule.Spec.Repository.Volume, Initialize = schedule.Spec.Repository.Initialize },
            Options = source.Options,
        },
    };

    /// <summary>The tick that a BackupJob was made for; null for one that no schedule made.</summary>
    public static DateTimeOffset? TickOf(BackupJob job) =>
        job.Metadata.Annotations?.GetValueOrDefault(WellKnown.ScheduledForAnnotation) is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var tick)
            ? tick
            : null;

    private static string Text(DateTimeOffset tick) => tick.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
