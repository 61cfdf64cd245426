using System.Globalization;
using Walle.Controller.Pipeline.Schedules;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>Whether somebody has looked at the numbers of a blocked prune and wants the next one all the same. Each annotation counts once.</summary>
internal static class ReleaseRule
{
    /// <param name="last">The last prune: blocked, or there is nothing to release.</param>
    /// <returns>The annotation's value; or null.</returns>
    public static string? Of(ScheduleObservation observation, PruneStatus last)
    {
        var value = observation.Schedule.Metadata.Annotations?.GetValueOrDefault(WellKnown.ReleasePruneAnnotation);
        return value is { Length: <= 64 } && value != last.Released && last.Result == nameof(Reason.PruneBlocked)
            && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at >= last.FinishedAt
                ? value
                : null;
    }
}
