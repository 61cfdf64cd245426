using System.Globalization;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>The command lines of workers for a repository as a whole. They hold no credential: arguments are visible on the node.</summary>
internal static class MaintenanceArguments
{
    // The arbiter keeps Walle's own workers away; this is for other clusters and people, and for what the arbiter does not know.
    private const string RetryLock = "2m";
    private const int MostExpected = 100;

    public static List<string> Prune(MaintenanceObservation observation, PruneStatus run, IEnumerable<string> expected)
    {
        var spec = observation.Schedule.Spec;
        List<string> arguments =
        [
            WorkerVerb.Prune, WorkerOption.Host, observation.Settings.ClusterName, WorkerOption.Namespace, observation.Namespace,
            WorkerOption.Schedule, observation.Schedule.Metadata.Name ?? "", WorkerOption.RetryLock, RetryLock,
        ];
        if (spec.Retention is { } retention)
        {
            Add(arguments, WorkerOption.KeepLast, retention.KeepLast);
            Add(arguments, WorkerOption.KeepHourly, retention.KeepHourly);
            Add(arguments, WorkerOption.KeepDaily, retention.KeepDaily);
            Add(arguments, WorkerOption.KeepWeekly, retention.KeepWeekly);
            Add(arguments, WorkerOption.KeepMonthly, retention.KeepMonthly);
            Add(arguments, WorkerOption.KeepYearly, retention.KeepYearly);
            Add(arguments, WorkerOption.KeepWithin, retention.KeepWithin);
            foreach (var tag in retention.KeepTags ?? [])
            {
                arguments.AddRange([WorkerOption.KeepTag, tag]);
            }

            Add(arguments, WorkerOption.MinKeep, retention.MinKeep);
        }

        Add(arguments, WorkerOption.MaxUnused, spec.Prune?.MaxUnused);
        Add(arguments, WorkerOption.MaxRepackSize, spec.Prune?.MaxRepackSize);
        foreach (var id in expected.Take(MostExpected))
        {
            arguments.AddRange([WorkerOption.Expect, id]);
        }

        if (run.IsReleased == true)
        {
            arguments.Add(WorkerOption.Released);
        }

        return arguments;
    }

    public static List<string> Check(CheckStatus run)
    {
        List<string> arguments = [WorkerVerb.Check, WorkerOption.RetryLock, RetryLock];
        if (run is { Part: { } part, Of: { } parts })
        {
            arguments.AddRange([WorkerOption.ReadDataSubset, string.Create(CultureInfo.InvariantCulture, $"{part}/{parts}")]);
        }

        return arguments;
    }

    private static void Add(List<string> arguments, string option, int? value) => Add(arguments, option, value?.ToString(CultureInfo.InvariantCulture));

    private static void Add(List<string> arguments, string option, string? value)
    {
        if (value is not null)
        {
            arguments.AddRange([option, value]);
        }
    }
}
