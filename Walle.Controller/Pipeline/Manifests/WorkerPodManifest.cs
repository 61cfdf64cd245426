using System.Text.Json;
using k8s;
using k8s.Models;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Manifests;

/// <summary>The worker's Pod: no service account token, no service links, nothing writable but two scratch volumes, credentials by an allow-list of keys.</summary>
internal static class WorkerPodManifest
{
    private const string ContainerName = "worker";

    public static V1PodSpec Build(WorkObservation observation, IList<string> arguments)
    {
        var options = observation.Worker;
        if (observation.RepositoryClaim is not null)
        {
            arguments = [.. arguments, WorkerOption.RepositoryRoot, WorkerPaths.Repository];
        }

        var pod = new V1PodSpec
        {
            RestartPolicy = "Never",
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            SecurityContext = WorkerSecurity.Pod(observation),
            NodeSelector = options?.NodeSelector,
            Tolerations = Tolerations(options),
            Affinity = Affinity(options),
            PriorityClassName = options?.PriorityClassName,
            ImagePullSecrets = options?.ImagePullSecrets?.ConvertAll(secret => new V1LocalObjectReference { Name = secret.Name }),
            Containers = [Container(observation, arguments)],
            Volumes =
            [
                new V1Volume { Name = "cache", EmptyDir = new V1EmptyDirVolumeSource() },
                new V1Volume { Name = "tmp", EmptyDir = new V1EmptyDirVolumeSource() },
                new V1Volume
                {
                    Name = "credentials",
                    Secret = new V1SecretVolumeSource
                    {
                        SecretName = observation.SecretName,
                        Optional = true,
                        // Readable by the worker's user, whichever it is; the volume is in this Pod only.
                        DefaultMode = 0b100_100_100,
                        Items = [.. CredentialFiles.Keys.Select(key => new V1KeyToPath { Key = key, Path = key })],
                    },
                },
            ],
        };
        if (observation.RepositoryClaim is { } claim)
        {
            pod.Volumes.Add(new V1Volume { Name = "repository", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = claim } });
            pod.Containers[0].VolumeMounts.Add(new V1VolumeMount { Name = "repository", MountPath = WorkerPaths.Repository });
        }

        return pod;
    }

    /// <summary>What is wrong with the fields that the schema leaves to Kubernetes, or null.</summary>
    public static string? Problem(WorkerOptions? options)
    {
        var field = "spec.options.worker.tolerations";
        try
        {
            _ = Tolerations(options);
            field = "spec.options.worker.affinity";
            _ = Affinity(options);
        }
        catch (JsonException exception)
        {
            return $"{field}: {exception.Message}; write it as in a Pod's spec";
        }

        IEnumerable<KeyValuePair<string, string>> amounts = [.. options?.Resources?.Requests ?? [], .. options?.Resources?.Limits ?? []];
        return amounts.FirstOrDefault(amount => !Pipeline.Quantities.IsValid(amount.Value)) is { Key: { } resource } wrong
            ? $"spec.options.worker.resources: {wrong.Value} is not a quantity of {resource}; write it as in a container's spec, such as 500m or 1Gi"
            : null;
    }

    private static List<V1Toleration>? Tolerations(WorkerOptions? options) =>
        options?.Tolerations?.ConvertAll(toleration => KubernetesJson.Deserialize<V1Toleration>(toleration.GetRawText()));

    private static V1Affinity? Affinity(WorkerOptions? options) =>
        options?.Affinity is { ValueKind: not JsonValueKind.Undefined } affinity ? KubernetesJson.Deserialize<V1Affinity>(affinity.GetRawText()) : null;

    private static V1Container Container(WorkObservation observation, IList<string> arguments) => new()
    {
        Name = ContainerName,
        Image = observation.Settings.Image,
        ImagePullPolicy = observation.Settings.ImagePullPolicy,
        Args = [.. arguments.Select(Literal)],
        Env = [.. CredentialVariables.Required.Select(name => Variable(observation, name, optional: false)), .. CredentialVariables.Optional.Select(name => Variable(observation, name, optional: true))],
        SecurityContext = WorkerSecurity.Container(observation),
        TerminationMessagePath = WorkerPaths.TerminationLog,
        TerminationMessagePolicy = "File",
        Resources = Resources(observation.Worker?.Resources),
        VolumeMounts =
        [
            new V1VolumeMount { Name = "cache", MountPath = WorkerPaths.Cache },
            new V1VolumeMount { Name = "tmp", MountPath = WorkerPaths.Temporary },
            new V1VolumeMount { Name = "credentials", MountPath = WorkerPaths.Credentials, ReadOnlyProperty = true },
        ],
    };

    private static V1EnvVar Variable(WorkObservation observation, string name, bool optional) => new()
    {
        Name = name,
        ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = observation.SecretName, Key = name, Optional = optional } },
    };

    // Requests so that the scheduler knows; no limits by default: a CPU limit under 2 halves restic's speed, and its memory grows with the
    // repository (about 0.1 GB per TB).
    private static V1ResourceRequirements Resources(WorkerResources? resources) => new()
    {
        Requests = Quantities(resources?.Requests ?? new Dictionary<string, string> { ["cpu"] = "100m", ["memory"] = "128Mi" }),
        Limits = resources?.Limits is { } limits ? Quantities(limits) : null,
    };

    private static Dictionary<string, ResourceQuantity> Quantities(Dictionary<string, string> values) =>
        values.ToDictionary(pair => pair.Key, pair => new ResourceQuantity(pair.Value));

    /// <summary>
    /// kubelet replaces $(NAME) in a container's arguments by an environment variable, and this container's are the repository's credentials: a pattern or
    /// a command that somebody wrote must not become a way to print them. $$ is a dollar sign
    /// (https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/).
    /// </summary>
    private static string Literal(string argument) => argument.Replace("$", "$$", StringComparison.Ordinal);
}
