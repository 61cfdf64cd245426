using k8s.Models;
using Walle.Controller.Pipeline.Restore;
using Walle.Crds.Contracts;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>The Jobs of a restore. Like those of a backup, but that the volume is mounted to be written to.</summary>
internal static class RestoreJobManifest
{
    // What restic needs to give files of any owner back whole: their owner, their mode and time once they are another's, setgid, and file capabilities.
    // No MKNOD: a device node in a backup may be anybody's (research/reliability.md, S15).
    private static readonly List<string> WriteCapabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETFCAP"];

    public static V1Job Plan(RestoreObservation observation, int attempt, long deadlineSeconds)
    {
        var pod = Pod(observation, RestoreArguments.Plan(observation));
        if (observation.RepositoryClaim is null)
        {
            pod.Containers[0].SecurityContext.Capabilities.Add = null;
        }

        return WorkerJobManifest.Build(observation, ResourceNames.PlanJob(observation.Uid, attempt), WorkerVerb.Plan, pod, deadlineSeconds);
    }

    public static V1Job Restore(RestoreObservation observation, int attempt, long deadlineSeconds)
    {
        var pod = Pod(observation, RestoreArguments.Restore(observation));
        if (WorkerSecurity.IsRestricted(observation))
        {
            // Without root this is the only way into a new volume, whose root is root's; its workload gets in the same way. A backup's volume has none.
            pod.SecurityContext.FsGroup = pod.SecurityContext.RunAsGroup;
            pod.SecurityContext.FsGroupChangePolicy = "OnRootMismatch";
        }
        else
        {
            pod.Containers[0].SecurityContext.Capabilities.Add = WriteCapabilities;
        }

        pod.Volumes.Add(new V1Volume { Name = "target", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = observation.TargetName } });
        pod.Containers[0].VolumeMounts.Add(new V1VolumeMount { Name = "target", MountPath = WorkerPaths.Target });
        return WorkerJobManifest.Build(observation, ResourceNames.RestoreJob(observation.Uid, attempt), WorkerVerb.Restore, pod, deadlineSeconds);
    }

    /// <summary>A dump into a command. Never replaced by the Job controller: the command may have been started.</summary>
    public static V1Job Feed(RestoreObservation observation, int attempt, long deadlineSeconds)
    {
        var pod = Pod(observation, RestoreArguments.Feed(observation));
        DumpAccount.Use(pod, observation);
        pod.Containers[0].Env.Add(new V1EnvVar
        {
            Name = WorkerVariables.PodUid, ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.uid" } },
        });
        var job = WorkerJobManifest.Build(observation, ResourceNames.RestoreJob(observation.Uid, attempt), WorkerVerb.Feed, pod, deadlineSeconds);
        job.Spec.PodFailurePolicy = null;
        return job;
    }

    private static V1PodSpec Pod(RestoreObservation observation, List<string> arguments)
    {
        var pod = WorkerPodManifest.Build(observation, arguments);
        pod.Containers[0].Env.Add(new V1EnvVar
        {
            Name = CredentialVariables.RestoreNamespaces,
            ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = observation.SecretName, Key = CredentialVariables.RestoreNamespaces, Optional = true } },
        });
        return pod;
    }
}
