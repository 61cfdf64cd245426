using k8s;
using k8s.Models;
using NUnit.Framework;

namespace Walle.Tests.Cluster;

/// <summary>What every other cluster test relies on.</summary>
[TestFixture]
public sealed class ClusterFixtureTests : ClusterTest
{
    private static readonly TimeSpan PodDeadline = TimeSpan.FromSeconds(120);
    [Test]
    public async Task A_pod_runs_and_its_termination_message_is_read()
    {
        var pod = await RunPodAsync("echo -n 'saved 1 file' > /dev/termination-log; exit 3");
        var ended = pod.Status.ContainerStatuses[0].State.Terminated;
        Assert.That((ended.ExitCode, ended.Message), Is.EqualTo((3, "saved 1 file")));
    }

    [Test]
    public async Task A_loop_mounted_file_system_made_later_is_seen_in_a_pod()
    {
        var folder = $"{NodeContainer.VolumesFolder}/{Namespace}";
        await Cluster.Node.RunAsync("sh", "-ec", $"mkdir -p {folder}/mnt; truncate -s 16M {folder}/image; mkfs.ext4 -q {folder}/image; mount -o loop {folder}/image {folder}/mnt; echo -n inside > {folder}/mnt/file");
        var pod = await RunPodAsync("(cat /volume/file; stat -f -c ' %T' /volume) > /dev/termination-log", $"{folder}/mnt");
        await Cluster.Node.RunAsync("umount", $"{folder}/mnt");
        Assert.That(pod.Status.ContainerStatuses[0].State.Terminated.Message, Is.EqualTo("inside ext2/ext3\n"));
    }

    [Test]
    public async Task The_worker_image_runs_restic()
    {
        await RunPodAsync("restic version > /dev/termination-log", image: await Cluster.LoadProjectImageAsync("worker"));
        var ended = (await Kubernetes.CoreV1.ReadNamespacedPodAsync("probe", Namespace)).Status.ContainerStatuses[0].State.Terminated;
        Assert.That(ended.Message, Does.StartWith("restic 0."));
    }

    [Test]
    public void A_failing_command_in_the_node_throws_with_its_standard_error()
    {
        var thrown = Assert.ThrowsAsync<CommandFailedException>(() => Cluster.Node.RunAsync("sh", "-c", "echo no such volume >&2; exit 7"));
        Assert.That(thrown!.Message, Does.Contain("exit code 7").And.Contain("no such volume"));
    }

    [Test]
    public async Task The_audit_log_names_user_verb_resource_and_namespace()
    {
        await Kubernetes.CoreV1.ListNamespacedSecretAsync(Namespace);
        await Eventually(
            async () => (await Cluster.ReadAuditLogAsync()).Split('\n').Any(line =>
                line.Contains("\"verb\":\"list\"", StringComparison.Ordinal) && line.Contains("\"resource\":\"secrets\"", StringComparison.Ordinal)
                && line.Contains($"\"namespace\":\"{Namespace}\"", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(20), () => "the request is not in the audit log");
    }

    private async Task<V1Pod> RunPodAsync(string script, string? hostPath = null, string? image = null)
    {
        image ??= await Cluster.LoadToolboxAsync();
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "probe" },
            Spec = new V1PodSpec
            {
                RestartPolicy = "Never",
                Containers =
                [
                    new V1Container
                    {
                        Name = "probe", Image = image, ImagePullPolicy = "Never", Command = ["sh", "-c", script],
                        VolumeMounts = hostPath is null ? null : [new V1VolumeMount { Name = "volume", MountPath = "/volume" }],
                    },
                ],
                Volumes = hostPath is null ? null : [new V1Volume { Name = "volume", HostPath = new V1HostPathVolumeSource { Path = hostPath } }],
            },
        };
        await Kubernetes.CoreV1.CreateNamespacedPodAsync(pod, Namespace);
        V1Pod last = pod;
        await Eventually(
            async () => (last = await Kubernetes.CoreV1.ReadNamespacedPodAsync("probe", Namespace)).Status.Phase is "Succeeded" or "Failed",
            PodDeadline, () => $"the Pod is {last.Status?.Phase}");
        return last;
    }
}
