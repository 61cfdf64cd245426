using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;

namespace Walle.Tests.Storage;

/// <summary>What the double's own tests are written with.</summary>
public abstract class StorageBehaviourTest : StorageTest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    internal SnapshotClient Snapshots => new(Kubernetes);

    internal async Task<V1PersistentVolumeClaim> CreateClaimAsync(string name, string storageClass, string? fault = null, string? fromSnapshot = null, string size = "16Mi") =>
        await Kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(
            new V1PersistentVolumeClaim
            {
                Metadata = Metadata(name, fault),
                Spec = new V1PersistentVolumeClaimSpec
                {
                    AccessModes = ["ReadWriteOnce"],
                    StorageClassName = storageClass,
                    Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) } },
                    DataSource = fromSnapshot is null ? null : new V1TypedLocalObjectReference { ApiGroup = "snapshot.storage.k8s.io", Kind = "VolumeSnapshot", Name = fromSnapshot },
                },
            }, Namespace);

    internal async Task CreateBoundClaimAsync(string name, string? fault = null)
    {
        await CreateClaimAsync(name, StorageNames.BlockImmediate, fault);
        await BoundAsync(name);
    }

    internal async Task<V1PersistentVolumeClaim?> FindClaimAsync(string name) =>
        (await Kubernetes.CoreV1.ListNamespacedPersistentVolumeClaimAsync(Namespace, fieldSelector: $"metadata.name={name}")).Items.SingleOrDefault();

    /// <summary>Null takes the fault off.</summary>
    internal Task SetFaultAsync(string claim, string? fault)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Fault.Annotation] = fault } } };
        return Kubernetes.CoreV1.PatchNamespacedPersistentVolumeClaimAsync(new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), claim, Namespace);
    }

    internal Task<VolumeSnapshot> CreateSnapshotAsync(string name, string claim, string? fault = null, string? snapshotClass = null) =>
        Snapshots.CreateAsync(
            new VolumeSnapshot
            {
                Metadata = Metadata(name, fault),
                Spec = new VolumeSnapshotSpec { Source = new VolumeSnapshotSource { PersistentVolumeClaimName = claim }, VolumeSnapshotClassName = snapshotClass },
            }, Namespace);

    internal async Task<V1PersistentVolumeClaim> BoundAsync(string name)
    {
        V1PersistentVolumeClaim? last = null;
        await Eventually(
            async () => (last = await Kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(name, Namespace)).Status?.Phase == "Bound",
            Deadline, () => $"PVC {name} is {last?.Status?.Phase}");
        return last!;
    }

    internal Task<VolumeSnapshot> ReadyAsync(string name) => SnapshotAsync(name, snapshot => snapshot.Status?.ReadyToUse == true, "ready");

    internal async Task<VolumeSnapshot> SnapshotAsync(string name, Func<VolumeSnapshot, bool> condition, string what)
    {
        VolumeSnapshot? last = null;
        await Eventually(
            async () => (last = await Snapshots.FindAsync(Namespace, name)) is not null && condition(last),
            Deadline, () => $"VolumeSnapshot {name} is not {what}: {KubernetesJson.Serialize(last)}");
        return last!;
    }

    /// <summary>The message of status.error, once there is one.</summary>
    internal async Task<string> ErrorAsync(string name) => (await SnapshotAsync(name, snapshot => snapshot.Status?.Error is not null, "in error")).Status!.Error!.Message!;

    internal async Task DeleteSnapshotAsync(string name)
    {
        await Snapshots.DeleteAsync(Namespace, name);
        await GoneAsync(name);
    }

    internal Task GoneAsync(string snapshot) =>
        Eventually(async () => await Snapshots.FindAsync(Namespace, snapshot) is null, Deadline, () => $"VolumeSnapshot {snapshot} is still there");

    /// <summary>Waits for an Event and returns its message.</summary>
    internal async Task<string> EventAsync(string about, string reason)
    {
        string? message = null;
        await Eventually(
            async () => (message = (await Kubernetes.CoreV1.ListNamespacedEventAsync(Namespace)).Items.FirstOrDefault(e => e.InvolvedObject.Name == about && e.Reason == reason)?.Message) is not null,
            Deadline, () => $"no Event {reason} of {about}");
        return message!;
    }

    /// <summary>Runs a Pod to its end over a PVC and returns its termination message; fails where the script does.</summary>
    internal async Task<string> RunPodAsync(string name, string claim, string script, bool readOnly)
    {
        var image = await Cluster.LoadToolboxAsync();
        await Kubernetes.CoreV1.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = name },
                Spec = new V1PodSpec
                {
                    RestartPolicy = "Never",
                    TerminationGracePeriodSeconds = 0,
                    Containers = [new V1Container { Name = "main", Image = image, ImagePullPolicy = "Never", Command = ["sh", "-ec", script], VolumeMounts = [new V1VolumeMount { Name = "volume", MountPath = "/volume" }] }],
                    Volumes = [new V1Volume { Name = "volume", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = claim, ReadOnlyProperty = readOnly } }],
                },
            }, Namespace);
        V1Pod? last = null;
        await Eventually(
            async () => (last = await Kubernetes.CoreV1.ReadNamespacedPodAsync(name, Namespace)).Status.Phase is "Succeeded" or "Failed",
            Deadline, () => $"Pod {name} is {last?.Status.Phase}");
        var ended = last!.Status.ContainerStatuses[0].State.Terminated;
        Assert.That(ended.ExitCode, Is.Zero, ended.Message);
        return ended.Message ?? "";
    }

    private static V1ObjectMeta Metadata(string name, string? fault) => new()
    {
        Name = name,
        Annotations = fault is null ? null : new Dictionary<string, string> { [Fault.Annotation] = fault },
    };
}
