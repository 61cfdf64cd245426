using System.Globalization;
using System.Text.RegularExpressions;
using Walle.Crds.Conditions;
using Walle.Crds.Schema;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>
/// Condition WithinRPO: is any claim's newest complete backup older than spec.rpo? Judged by when the data was taken, not by when a run ended. A claim that
/// is selected and cannot be backed up at all violates it, too.
/// </summary>
internal static partial class RpoRule
{
    private const int MaxNamed = 10;

    /// <returns>The status, and when the next claim will be too old.</returns>
    public static (BackupScheduleStatus Status, DateTimeOffset? WakeAt) Write(ScheduleObservation observation, BackupScheduleStatus status, IReadOnlyList<ProtectedClaim> claims)
    {
        if (observation.Schedule.Spec.Rpo is not { } text || Parse(text) is not { } rpo)
        {
            return (status with { Conditions = status.Conditions?.FindAll(condition => condition.Type != ConditionTypes.WithinRPO) }, null);
        }

        var late = claims.Where(claim => observation.Now - claim.FreshAt > rpo)
            .OrderBy(claim => claim.FreshAt)
            .Select(claim => claim.LastBackupTime is { } last ? $"{claim.Name} (newest: {Time(last)})" : $"{claim.Name} (none since {Time(claim.SelectedSince)})")
            .Concat(observation.Selection.LeftOut.Where(source => source.IsWanted).Select(source => $"{source.Name} ({source.Reason})"))
            .ToList();
        var total = observation.Selection.WantedClaims;
        var more = late.Count > MaxNamed ? $" and {late.Count - MaxNamed} more" : "";
        var conditions = late.Count == 0
            ? With(ConditionStatus.True, Reason.WithinRPO, $"each of {total} claims has a complete backup younger than {text}, or is younger itself")
            : With(ConditionStatus.False, Reason.RPOViolated,
                $"{late.Count} of {total} claims have no complete backup younger than {text}: {string.Join(", ", late.Take(MaxNamed))}{more}; see why with: kubectl -n {observation.Namespace} get backupjobs -l {Crds.WellKnown.ScheduleLabel}={observation.Name} -o wide");
        var next = claims.Select(claim => claim.FreshAt + rpo).Where(at => at >= observation.Now).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        // A second later: the age is compared with "more than".
        return (status with { Conditions = conditions }, next == DateTimeOffset.MaxValue ? null : next.AddSeconds(1));

        List<Condition>? With(string value, Reason reason, string message) =>
            ConditionList.With(status.Conditions, ConditionTypes.WithinRPO, value, reason, message, observation.Schedule.Metadata.Generation, observation.Now);
    }

    /// <summary>Null when it is not a duration; the schema says so.</summary>
    public static TimeSpan? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return null;
        }

        // Longer than anybody's data lives; and a TimeSpan has an end.
        var seconds = (3600 * Number(match.Groups[1])) + (60 * Number(match.Groups[2])) + Number(match.Groups[3]);
        return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(36_500).TotalSeconds));

        // With its unit at the end.
        static double Number(Group part) => part.Success ? double.Parse(part.ValueSpan[..^1], CultureInfo.InvariantCulture) : 0;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    [GeneratedRegex(Patterns.Duration)]
    private static partial Regex Form();
}
