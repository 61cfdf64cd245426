using System.Text.Json;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds.Json;
using Walle.Crds.V1;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>Workloads with volumes and annotations, and the namespace's leave to run commands in them.</summary>
public abstract class WorkloadTest : EndToEndTest
{
    private static readonly TimeSpan PodDeadline = TimeSpan.FromMinutes(2);

    /// <summary>What the namespace's administrator applies: manifests/hooks.</summary>
    protected Task AllowHooksAsync() => Manifests.ApplyHooksAsync(Cluster, Namespace);

    /// <summary>A StatefulSet of one container with volumes at /NAME, running; its Pod is NAME-0.</summary>
    protected async Task CreateStatefulSetAsync(
        string name, IReadOnlyDictionary<string, string> annotations, string image, IList<string> command, int replicas = 1, IList<V1EnvVar>? environment = null, string size = "64Mi", string storageClass = StorageNames.BlockImmediate, params string[] volumes)
    {
        var labels = new Dictionary<string, string> { ["app"] = name };
        await Kubernetes.AppsV1.CreateNamespacedStatefulSetAsync(new V1StatefulSet
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1StatefulSetSpec
            {
                Replicas = replicas,
                ServiceName = name,
                PodManagementPolicy = "Parallel",
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = labels, Annotations = new Dictionary<string, string>(annotations) },
                    Spec = new V1PodSpec
                    {
                        TerminationGracePeriodSeconds = 1,
                        AutomountServiceAccountToken = false,
                        Containers =
                        [
                            new V1Container
                            {
                                Name = "main", Image = image, ImagePullPolicy = "Never", Command = command, Env = environment,
                                VolumeMounts = volumes.Select(volume => new V1VolumeMount { Name = volume, MountPath = $"/{volume}" }).ToList(),
                            },
                        ],
                    },
                },
                VolumeClaimTemplates =
                [
                    .. volumes.Select(volume => new V1PersistentVolumeClaim
                    {
                        Metadata = new V1ObjectMeta { Name = volume },
                        Spec = new V1PersistentVolumeClaimSpec
                        {
                            AccessModes = ["ReadWriteOnce"], StorageClassName = storageClass,
                            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) } },
                        },
                    }),
                ],
            },
        }, Namespace);
        for (var replica = 0; replica < replicas; replica++)
            await RunsAsync($"{name}-{replica}");
    }

    protected Task RunsAsync(string pod) => Eventually(
        async () => (await Kubernetes.CoreV1.ListNamespacedPodAsync(Namespace, fieldSelector: $"metadata.name={pod}")).Items.FirstOrDefault()?.Status?.ContainerStatuses?.All(status => status.Ready) == true,
        PodDeadline, () => $"Pod {pod} does not run");

    protected async Task<BackupJobStatus> BackUpWorkloadAsync(string name, string kind, string source, BackupOptions? options = null)
    {
        await CreateWorkloadBackupAsync(name, kind, source, options);
        var status = await EndOfAsync(name);
        Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), $"{status.Reason}: {status.Message}\n{JsonSerializer.Serialize(status, CrdJsonContext.Default.BackupJobStatus)}");
        return status;
    }

    /// <summary>A command in a Pod, by the test itself.</summary>
    protected async Task<string> InPodAsync(string pod, params string[] command) =>
        await HostCommand.RunAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, "-n", Namespace, "exec", pod, "--", .. command]);

    /// <summary>Lines of a file in a Pod; none when it does not exist.</summary>
    protected async Task<string[]> LinesAsync(string pod, string file) =>
        (await InPodAsync(pod, "sh", "-c", $"cat {file} 2>/dev/null || true")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
