using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.V1;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>
/// The namespace is deleted while an application is held. Its after-hook runs if Walle may still run it: a leave that was given inside of the namespace
/// (manifests/hooks) is deleted with the namespace, before anything else can be done there; one for the whole cluster is not. The namespace goes either way.
/// </summary>
[NonParallelizable]
public sealed class HookNamespaceTests : WorkloadTest
{
    /// <summary>The finalizer of a BackupJob may hold on for ten minutes; nothing here gives it a reason to.</summary>
    private static readonly TimeSpan Gone = TimeSpan.FromMinutes(2);
    private const string ForTheWholeCluster = "walle-hooks-everywhere";

    [TestCase(40, true)]
    [TestCase(5, false)]
    public async Task DeletedNamespace_RunsTheAfterHook_WhereItStillMay_AndGoes(int grace, bool mayEverywhere)
    {
        var image = await Cluster.LoadToolboxAsync();
        await AllowHooksAsync();
        if (mayEverywhere)
            await KubectlAsync("create", "clusterrolebinding", ForTheWholeCluster, $"--clusterrole={WellKnown.HooksClusterRole}", "--serviceaccount=walle-system:walle-controller");
        try
        {
            await CreateSecretAsync();
            await CreateClaimAsync("data", fault: Fault.NeverCut);
            // What the hooks write must outlive the namespace.
            var folder = $"/var/lib/walle-hooks/{Namespace}";
            await Cluster.Node.RunAsync("mkdir", "-p", folder);
            await Kubernetes.CoreV1.CreateNamespacedPodAsync(Pod(image, grace, folder), Namespace);
            await RunsAsync("db");
            await CreateWorkloadBackupAsync("first", SourceKind.Pod, "db");
            await WaitForAsync("first", status => status.Hooks is [{ Phase: HookPhase.Succeeded }, ..], "the before-hook has run");

            await DeleteNamespaceAndWaitAsync(Gone);

            var ran = (await Cluster.Node.RunAsync("cat", $"{folder}/hooks")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.That(ran, Is.EqualTo(mayEverywhere ? new[] { "before", "after" } : ["before"]));
            Assert.That(await new LeakCheck(Cluster, Namespace).LeftAsync(), Is.Empty);
        }
        finally
        {
            if (mayEverywhere)
                await KubectlAsync("delete", "clusterrolebinding", ForTheWholeCluster);
        }
    }

    private Task<string> KubectlAsync(params string[] arguments) => HostCommand.RunAsync("kubectl", ["--kubeconfig", Cluster.Kubeconfig, .. arguments]);

    /// <summary>A shell as process 1 ignores SIGTERM: it runs until its grace period is over.</summary>
    private static V1Pod Pod(string image, int grace, string folder) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "db",
            Annotations = new Dictionary<string, string> { [HookAnnotation.Before] = "echo before >> /outside/hooks", [HookAnnotation.After] = "sleep 2; echo after >> /outside/hooks" },
        },
        Spec = new V1PodSpec
        {
            TerminationGracePeriodSeconds = grace,
            AutomountServiceAccountToken = false,
            Containers =
            [
                new V1Container
                {
                    Name = "main", Image = image, ImagePullPolicy = "Never", Command = ["sh", "-c", "while true; do sleep 1; done"],
                    VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }, new V1VolumeMount { Name = "outside", MountPath = "/outside" }],
                },
            ],
            Volumes =
            [
                new V1Volume { Name = "data", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = "data" } },
                new V1Volume { Name = "outside", HostPath = new V1HostPathVolumeSource { Path = folder, Type = "Directory" } },
            ],
        },
    };
}
