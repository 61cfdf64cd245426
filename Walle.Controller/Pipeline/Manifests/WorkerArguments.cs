using System.Globalization;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>The worker's command line. It holds no credential: arguments are visible on the node.</summary>
internal static class WorkerArguments
{
    public static List<string> Backup(BackupObservation observation, VolumeStatus volume)
    {
        var options = observation.Options;
        var previous = observation.Previous;
        var arguments = new List<string>
        {
            WorkerVerb.Backup,
            WorkerOption.Host, observation.Settings.ClusterName,
            WorkerOption.Path, WorkerPaths.Volume(observation.Namespace, volume.ClaimName),
            WorkerOption.Time, (volume.SnapshotTime ?? observation.Now).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            WorkerOption.RetryLock, DeadLockStep.RetryLock(observation.Job.Status?.Attempts),
            WorkerOption.Compression, options.Compression ?? Compression.Auto,
        };
        AddIf(arguments, previous?.SnapshotId is not null, WorkerOption.Parent, previous?.SnapshotId);
        AddIf(arguments, ChangeDetectionRule.FullRead(options.FullReadEvery, previous).FullRead, WorkerOption.FullRead);
        AddIf(arguments, volume.ChangeDetection == ChangeDetection.ModificationTime, WorkerOption.IgnoreInode);
        AddIf(arguments, previous?.HadFiles == true && options.AllowEmpty != true, WorkerOption.ExpectFiles);
        AddIf(arguments, options.ExcludeCaches == true, WorkerOption.ExcludeCaches);
        AddIf(arguments, options.SkipIfUnchanged == true, WorkerOption.SkipIfUnchanged);
        AddIf(arguments, options.LimitUploadKiBps is > 0, WorkerOption.LimitUpload, options.LimitUploadKiBps?.ToString(CultureInfo.InvariantCulture));
        foreach (var tag in Tags(observation, volume))
        {
            arguments.AddRange([WorkerOption.Tag, tag]);
        }

        foreach (var exclude in options.Excludes ?? [])
        {
            arguments.AddRange([WorkerOption.Exclude, exclude]);
        }

        return arguments;
    }

    /// <summary>For search only, never for grouping: two tenants' tag sets can collide (research/reliability.md 2.4).</summary>
    public static IEnumerable<string> Tags(BackupObservation observation, VolumeStatus volume)
    {
        yield return "walle";
        yield return $"uid={observation.Uid}";
        yield return $"job={observation.Job.Metadata.Name}";
        if (volume.ClaimUid is not null)
        {
            yield return $"pvc-uid={volume.ClaimUid}";
        }

        if (observation.Job.Metadata.Labels?.GetValueOrDefault(Crds.WellKnown.ScheduleLabel) is { } schedule)
        {
            yield return $"schedule={schedule}";
        }

        foreach (var tag in RecordedFacts.Tags(observation, volume))
        {
            yield return tag;
        }

        foreach (var tag in observation.Options.Tags ?? [])
        {
            yield return tag;
        }
    }

    private static void AddIf(List<string> arguments, bool condition, string option, string? value = null)
    {
        if (condition)
        {
            arguments.Add(option);
            if (value is not null)
            {
                arguments.Add(value);
            }
        }
    }
}
