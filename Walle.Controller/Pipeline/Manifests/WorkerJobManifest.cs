using k8s.Models;
using Walle.Crds;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>
/// The worker's Job. backoffLimit is 0: Walle makes the retries itself, as Jobs of their own, since only it knows which failures can pass.
/// One restic process in one Pod with its own host name: a second one with the same name can delete a live lock.
/// </summary>
internal static class WorkerJobManifest
{
    private const long InitDeadlineSeconds = 300;

    // restic needs a moment to release its lock after SIGTERM.
    private const long GraceSeconds = 60;

    // A net against a removed controller only: Walle deletes its Jobs itself once the result is in the status.
    private const int JobTtlSeconds = 7 * 24 * 3600;

    public static V1Job Backup(BackupObservation observation, VolumeStatus volume, int attempt, long deadlineSeconds)
    {
        var pod = WorkerPodManifest.Build(observation, WorkerArguments.Backup(observation, volume));
        pod.Volumes.Add(new V1Volume
        {
            Name = "data",
            PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = ResourceNames.Clone(observation.Uid), ReadOnlyProperty = true },
        });
        pod.Containers[0].VolumeMounts.Add(new V1VolumeMount { Name = "data", MountPath = WorkerPaths.Volume(observation.Namespace, volume.ClaimName), ReadOnlyProperty = true });
        return Build(observation, ResourceNames.BackupJob(observation.Uid, attempt), WorkerVerb.Backup, pod, deadlineSeconds);
    }

    public static V1Job Init(BackupObservation observation) => Build(
        observation, ResourceNames.InitJob(observation.Uid), WorkerVerb.Init, WorkerPodManifest.Build(observation, [WorkerVerb.Init]), InitDeadlineSeconds);

    internal static V1Job Build(WorkObservation observation, string name, string verb, V1PodSpec pod, long deadlineSeconds)
    {
        var metadata = OwnedMetadata.Build(observation, name);
        metadata.Labels[WellKnown.VerbLabel] = verb;
        pod.TerminationGracePeriodSeconds = GraceSeconds;
        return new V1Job
        {
            ApiVersion = "batch/v1",
            Kind = "Job",
            Metadata = metadata,
            Spec = new V1JobSpec
            {
                BackoffLimit = 0,
                ActiveDeadlineSeconds = deadlineSeconds,
                TtlSecondsAfterFinished = JobTtlSeconds,
                // Older servers drop the next two fields: there an eviction ends the Job, and Walle starts the next attempt itself.
                PodReplacementPolicy = "Failed",
                PodFailurePolicy = new V1PodFailurePolicy
                {
                    Rules = [new V1PodFailurePolicyRule { Action = "Ignore", OnPodConditions = [new V1PodFailurePolicyOnPodConditionsPattern { Type = "DisruptionTarget", Status = "True" }] }],
                },
                Template = new V1PodTemplateSpec { Metadata = PodMetadata(observation, verb), Spec = pod },
            },
        };
    }

    /// <summary>Walle's own labels win: the informer finds its Pods by them.</summary>
    private static V1ObjectMeta PodMetadata(WorkObservation observation, string verb)
    {
        var labels = new Dictionary<string, string>(observation.Worker?.PodLabels ?? []);
        foreach (var (key, value) in OwnedMetadata.Labels(observation))
        {
            labels[key] = value;
        }

        labels[WellKnown.VerbLabel] = verb;
        return new V1ObjectMeta { Labels = labels, Annotations = observation.Worker?.PodAnnotations };
    }
}
