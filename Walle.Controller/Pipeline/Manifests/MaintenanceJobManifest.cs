using k8s.Models;
using Walle.Controller.Pipeline.Maintenance;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>Workers for a repository as a whole: they mount no data.</summary>
internal static class MaintenanceJobManifest
{
    private const long UnlockDeadlineSeconds = 180;

    /// <param name="expected">Ids that ought to be in the repository.</param>
    public static V1Job Build(MaintenanceObservation observation, MaintenanceStatus run, IEnumerable<string> expected, long deadlineSeconds)
    {
        var arguments = run is PruneStatus prune ? MaintenanceArguments.Prune(observation, prune, expected) : MaintenanceArguments.Check((CheckStatus)run);
        return WorkerJobManifest.Build(
            observation, ResourceNames.MaintenanceJob(observation.Uid, arguments[0], run.ScheduledFor ?? default, run.Attempts ?? 1), arguments[0], WorkerPodManifest.Build(observation, arguments), deadlineSeconds);
    }

    /// <summary>
    /// restic takes a lock for stale when it names its own host and a process that is gone. So this Pod, and no other, is given the host name of the dead
    /// one. It runs nothing that takes a lock, and the dead Pod's name never comes back: it ends in characters that the Job controller drew.
    /// </summary>
    public static V1Job Unlock(WorkObservation observation, string host, int attempt)
    {
        var pod = WorkerPodManifest.Build(observation, [WorkerVerb.Unlock]);
        pod.Hostname = host;
        return WorkerJobManifest.Build(observation, ResourceNames.UnlockJob(observation.Uid, host, attempt), WorkerVerb.Unlock, pod, UnlockDeadlineSeconds);
    }
}
