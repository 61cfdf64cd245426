using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Tests.EndToEnd;

/// <summary>Deployment, DaemonSet and Pod as sources: all of their claims, hooks in their own Pods and in the containers that mount them, and nobody else's.</summary>
public sealed class SourceKindTests : WorkloadTest
{
    private static readonly Dictionary<string, string> Hooks = new()
    {
        [HookAnnotation.Before] = "echo before $(hostname) >> /data/hooks; echo frozen > /data/state; echo frozen > /log/state; sync",
        [HookAnnotation.After] = "echo after $(hostname) >> /data/hooks; echo thawed > /data/state",
    };

    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "web" };

    [TestCase(SourceKind.Deployment, 2)]
    [TestCase(SourceKind.DaemonSet, 1)]
    [TestCase(SourceKind.Pod, 1)]
    public async Task Source_IsBackedUpWhole_AndNobodyElse(string kind, int pods)
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        await CreateSecretAsync();
        foreach (var claim in new[] { "data", "log", "foreign", "foreign-log" })
            await CreateClaimAsync(claim);
        await CreateAsync(kind, image, pods);
        // The same labels, the same annotations, another owner: without one a workload would adopt it.
        var owner = await Kubernetes.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "owner" } }, Namespace);
        var bystander = Metadata("bystander", Hooks);
        bystander.OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "owner", Uid = owner.Metadata.Uid, Controller = true }];
        await Kubernetes.CoreV1.CreateNamespacedPodAsync(new V1Pod { Metadata = bystander, Spec = Spec(image, "foreign", "foreign-log") }, Namespace);
        await RunsAsync("bystander");
        var own = await OwnPodsAsync(pods);
        var payload = await PayloadAsync(own[0]);

        var status = await BackUpWorkloadAsync("first", kind, "web");

        await TestContext.Out.WriteLineAsync($"frozen {status.FrozenSeconds} s, skew {status.SkewSeconds} s, duration {status.Duration}");
        Assert.Multiple(() =>
        {
            Assert.That(status.Volumes!.Select(volume => volume.ClaimName), Is.EqualTo(new[] { "data", "log" }));
            Assert.That(status.Volumes, Has.All.Property("Phase").EqualTo(BackupPhase.Succeeded));
            Assert.That(status.Hooks!.Select(hook => (hook.Stage, hook.Pod, hook.Container)), Is.EquivalentTo(own.SelectMany(pod => new[] { (HookStage.Before, pod, "main"), (HookStage.After, pod, "main") })));
            Assert.That(status.Hooks, Has.All.Property("Phase").EqualTo(HookPhase.Succeeded));
        });
        Assert.That(await LinesAsync(own[0], "/data/hooks"), Is.EquivalentTo(own.SelectMany(pod => new[] { $"before {pod}", $"after {pod}" })));
        Assert.That(await InPodAsync("bystander", "ls", "/data"), Does.Not.Contain("hooks"));
        foreach (var volume in status.Volumes!)
        {
            Assert.That(await Restore.ResticAsync("dump", volume.ResticSnapshotId!, "/state"), Is.EqualTo("frozen\n"), $"{volume.ClaimName} was cut in the window");
            Assert.That(await Restore.ResticAsync("dump", volume.ResticSnapshotId!, "/payload"), Is.EqualTo(payload), volume.ClaimName);
        }

        await NothingIsLeftAsync();
    }

    /// <summary>The annotations stand where each kind may have them: on the workload, on its template, on the Pod itself.</summary>
    private Task CreateAsync(string kind, string image, int pods)
    {
        var template = new V1PodTemplateSpec { Metadata = Metadata(null, kind == SourceKind.DaemonSet ? Hooks : null), Spec = Spec(image, "data", "log") };
        var selector = new V1LabelSelector { MatchLabels = Labels };
        return kind switch
        {
            SourceKind.Deployment => Kubernetes.AppsV1.CreateNamespacedDeploymentAsync(
                new V1Deployment { Metadata = Metadata("web", Hooks), Spec = new V1DeploymentSpec { Replicas = pods, Selector = selector, Template = template } }, Namespace),
            SourceKind.DaemonSet => Kubernetes.AppsV1.CreateNamespacedDaemonSetAsync(
                new V1DaemonSet { Metadata = Metadata("web", null), Spec = new V1DaemonSetSpec { Selector = selector, Template = template } }, Namespace),
            _ => Kubernetes.CoreV1.CreateNamespacedPodAsync(new V1Pod { Metadata = Metadata("web", Hooks), Spec = template.Spec }, Namespace),
        };
    }

    private async Task<List<string>> OwnPodsAsync(int pods)
    {
        List<string> own = [];
        await Eventually(
            async () => (own = [.. (await Kubernetes.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: "app=web")).Items
                .Where(pod => pod.Metadata.Name != "bystander" && pod.Status?.ContainerStatuses?.All(container => container.Ready) == true)
                .Select(pod => pod.Metadata.Name).Order(StringComparer.Ordinal)]).Count == pods,
            BackupDeadline, () => $"{own.Count} of {pods} Pods run");
        return own;
    }

    private async Task<string> PayloadAsync(string pod)
    {
        await InPodAsync(pod, "sh", "-c", "head -c 200000 /dev/urandom | base64 -w0 > /data/payload; cp /data/payload /log/payload; sync");
        return await InPodAsync(pod, "cat", "/data/payload");
    }

    private static V1ObjectMeta Metadata(string? name, Dictionary<string, string>? annotations) => new() { Name = name, Labels = Labels, Annotations = annotations };

    private static V1PodSpec Spec(string image, string data, string log) => new()
    {
        TerminationGracePeriodSeconds = 1,
        AutomountServiceAccountToken = false,
        Containers = [Container("main", image, "data", "log"), Container("proxy", image)],
        Volumes = new[] { ("data", data), ("log", log) }
            .Select(volume => new V1Volume { Name = volume.Item1, PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = volume.Item2 } }).ToList(),
    };

    private static V1Container Container(string name, string image, params string[] mounts) => new()
    {
        Name = name,
        Image = image,
        ImagePullPolicy = "Never",
        Command = ["sh", "-c", "while true; do sleep 1; done"],
        VolumeMounts = mounts.Select(mount => new V1VolumeMount { Name = mount, MountPath = $"/{mount}" }).ToList(),
    };
}
