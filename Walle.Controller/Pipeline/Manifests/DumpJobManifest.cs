using System.Globalization;
using System.Text.Json;
using k8s.Models;
using Walle.Crds.Contracts;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>The Job of a dump: no volume, and the right to run its command (<see cref="DumpAccount"/>).</summary>
internal static class DumpJobManifest
{
    public static V1Job Build(BackupObservation observation, int attempt, long deadlineSeconds)
    {
        var pod = WorkerPodManifest.Build(observation, Arguments(observation, attempt));
        DumpAccount.Use(pod, observation);
        return WorkerJobManifest.Build(observation, ResourceNames.BackupJob(observation.Uid, attempt, observation.Volume), WorkerVerb.Dump, pod, deadlineSeconds);
    }

    private static List<string> Arguments(BackupObservation observation, int attempt)
    {
        var target = observation.Plan!.Dump!;
        var options = observation.Options;
        List<string> arguments =
        [
            WorkerVerb.Dump,
            WorkerOption.Host, observation.Settings.ClusterName,
            WorkerOption.Path, WorkerPaths.Dump(observation.Namespace, target.Workload, target.FileName),
            WorkerOption.Time, observation.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            WorkerOption.RetryLock, DeadLockStep.RetryLock(attempt),
            WorkerOption.Compression, options.Compression ?? Compression.Auto,
            DumpOption.Namespace, observation.Namespace,
            DumpOption.Pod, target.Pod,
            DumpOption.PodUid, target.PodUid,
            DumpOption.Container, target.Container,
            DumpOption.Command, JsonSerializer.Serialize(target.Command, CrdJsonContext.Default.IReadOnlyListString),
            DumpOption.CommandTimeout, ((long)target.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        ];
        if (options.LimitUploadKiBps is > 0)
            arguments.AddRange([WorkerOption.LimitUpload, options.LimitUploadKiBps.Value.ToString(CultureInfo.InvariantCulture)]);
        foreach (var tag in WorkerArguments.Tags(observation, new VolumeStatus()).Append($"dump={target.FileName}"))
            arguments.AddRange([WorkerOption.Tag, tag]);
        return arguments;
    }
}
