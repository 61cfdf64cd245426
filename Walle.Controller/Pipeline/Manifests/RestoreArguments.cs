using System.Globalization;
using System.Text.Json;
using Walle.Controller.Pipeline.Restore;
using Walle.Crds.Contracts;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>The command lines of a restore's workers. As with a backup, none holds a credential.</summary>
internal static class RestoreArguments
{
    public static List<string> Plan(RestoreObservation observation) => [WorkerVerb.Plan, .. Chosen(observation, pinned: null, observation.Job.Status?.PlanAttempts)];

    public static List<string> Restore(RestoreObservation observation)
    {
        var spec = observation.Job.Spec;
        List<string> arguments =
        [
            WorkerVerb.Restore, .. Chosen(observation, observation.Job.Status?.ResticSnapshotId, observation.Job.Status?.Attempts),
            WorkerOption.Owner, $"{observation.Namespace}/{observation.Job.Metadata.Name}/{observation.Uid}",
            WorkerOption.Overwrite, Spelled(spec.Overwrite),
        ];
        if (spec.DeleteExtra == true)
        {
            arguments.Add(WorkerOption.DeleteExtra);
        }

        AddReading(observation, arguments);

        foreach (var pattern in spec.Include ?? [])
        {
            arguments.AddRange([WorkerOption.Include, pattern]);
        }

        foreach (var pattern in spec.Exclude ?? [])
        {
            arguments.AddRange([WorkerOption.Exclude, pattern]);
        }

        return arguments;
    }

    /// <summary>Of a dump into a command, which takes all of it.</summary>
    public static List<string> Feed(RestoreObservation observation)
    {
        var target = observation.Command!.Target!;
        List<string> arguments =
        [
            WorkerVerb.Feed, .. Chosen(observation, observation.Job.Status?.ResticSnapshotId, observation.Job.Status?.Attempts),
            WorkerOption.Owner, $"{observation.Namespace}/{observation.Job.Metadata.Name}/{observation.Uid}",
            DumpOption.Pod, target.Pod,
            DumpOption.PodUid, target.PodUid,
            DumpOption.Container, target.Container,
            DumpOption.Command, JsonSerializer.Serialize(target.Command, CrdJsonContext.Default.IReadOnlyListString),
            DumpOption.CommandTimeout, ((long)target.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        ];
        AddReading(observation, arguments);
        return arguments;
    }

    /// <param name="pinned">Full id of the snapshot that was chosen before: a retry takes the same one.</param>
    private static List<string> Chosen(RestoreObservation observation, string? pinned, int? attempt)
    {
        var source = observation.Job.Spec.Source;
        List<string> arguments = [WorkerOption.Host, observation.Settings.ClusterName, WorkerOption.Namespace, observation.Namespace, WorkerOption.RetryLock, DeadLockStep.RetryLock(attempt)];
        if (source.Cluster is { } cluster)
        {
            arguments.AddRange([WorkerOption.SourceHost, cluster]);
        }

        if (Path(source, source.Namespace ?? observation.Namespace) is { } path)
        {
            arguments.AddRange([WorkerOption.SourcePath, path]);
        }

        if ((pinned ?? source.SnapshotId) is { } id)
        {
            arguments.AddRange([WorkerOption.Snapshot, id]);
        }
        else if (source.AsOf is { } asOf)
        {
            arguments.AddRange([WorkerOption.AsOf, asOf.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)]);
        }
        else if (source.Previous is > 0 and var previous)
        {
            arguments.AddRange([WorkerOption.Previous, previous.ToString(CultureInfo.InvariantCulture)]);
        }

        return arguments;
    }

    /// <summary>A dump may be named without its workload: the worker finds out whether only one has a dump of that name.</summary>
    private static string? Path(RestoreSource source, string @namespace) => source switch
    {
        { ClaimName: { } claim } => WorkerPaths.Volume(@namespace, claim),
        { Dump: { } dump } => dump.Split('/', 2) is [var workload, var file] ? WorkerPaths.Dump(@namespace, workload, file) : WorkerPaths.Dump(@namespace, "*", dump),
        _ => null,
    };

    private static void AddReading(RestoreObservation observation, List<string> arguments)
    {
        if (observation.Job.Spec.Verify != false)
        {
            arguments.Add(WorkerOption.Verify);
        }

        if (observation.Options.LimitDownloadKiBps is > 0 and var limit)
        {
            arguments.AddRange([WorkerOption.LimitDownload, limit.ToString(CultureInfo.InvariantCulture)]);
        }
    }

    private static string Spelled(string? overwrite) => overwrite switch
    {
        OverwriteMode.IfChanged => "if-changed",
        OverwriteMode.Always => "always",
        _ => "never",
    };
}
