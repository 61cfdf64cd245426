using System.Text.Json;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Json;
using Walle.Crds.V1;
using Walle.Tests.EndToEnd.Schedules;

namespace Walle.Tests.EndToEnd;

/// <summary>A test of restores by RestoreJob, and of schedules beside them.</summary>
public abstract class RestoreEndToEndTest : ScheduleEndToEndTest
{
    protected const string Claim = "data";

    protected static RestoreJobSpec From(RestoreSource source, RestoreTarget target) => new()
    {
        Repository = new RestoreRepository { SecretRef = new SecretReference { Name = SecretName } }, Source = source, Target = target,
    };

    protected static RestoreJobSpec FromClaim(string claim, string target, NewClaim? create = null) =>
        From(new RestoreSource { ClaimName = claim }, new RestoreTarget { ClaimName = target, Create = create });

    protected async Task CreateRestoreAsync(string name, RestoreJobSpec spec)
    {
        var job = new RestoreJob { ApiVersion = ApiGroup.ApiVersion, Kind = ApiGroup.RestoreJobKind, Metadata = new ObjectMeta { Name = name, Namespace = Namespace }, Spec = spec };
        await Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(
            JsonSerializer.SerializeToNode(job, CrdJsonContext.Default.RestoreJob), ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.RestoreJobPlural);
    }

    protected async Task<RestoreJob> ReadRestoreAsync(string name) =>
        ((JsonElement)await Kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.RestoreJobPlural, name))
        .Deserialize(CrdJsonContext.Default.RestoreJob)!;

    /// <summary>Waits until the RestoreJob is over and cleaned up.</summary>
    protected async Task<RestoreJobStatus> EndOfRestoreAsync(string name, TimeSpan? deadline = null)
    {
        RestoreJob? job = null;
        await Eventually(
            async () =>
            {
                job = await ReadRestoreAsync(name);
                return job.Status?.Phase is RestorePhase.Succeeded or RestorePhase.PartiallySucceeded or RestorePhase.Failed or RestorePhase.Cancelled;
            },
            deadline ?? BackupDeadline, () => $"RestoreJob {name} has not ended: {job?.Status?.Phase}: {job?.Status?.Reason}: {job?.Status?.Message}");
        return job!.Status!;
    }

    protected async Task<RestoreJobStatus> RestoreAsync(string name, RestoreJobSpec spec)
    {
        await CreateRestoreAsync(name, spec);
        var status = await EndOfRestoreAsync(name);
        Assert.That(status.Phase, Is.EqualTo(RestorePhase.Succeeded), $"{status.Reason}: {status.Message}");
        Assert.That(HasReached(status, ConditionTypes.Complete), Is.True);
        return status;
    }

    /// <summary>The run fails for this reason, tells what to do, tells it once, and leaves nothing temporary.</summary>
    protected async Task<RestoreJobStatus> RefusedAsync(string name, RestoreJobSpec spec, Reason reason, string told)
    {
        await CreateRestoreAsync(name, spec);
        var status = await EndOfRestoreAsync(name);
        Assert.Multiple(() =>
        {
            Assert.That(status.Reason, Is.EqualTo(reason.ToString()), status.Message);
            Assert.That(status.Phase, Is.EqualTo(RestorePhase.Failed));
            Assert.That(status.Message, Does.Contain(told));
            Assert.That(HasReached(status, ConditionTypes.Failed), Is.True);
            Assert.That(HasReached(status, ConditionTypes.Complete), Is.False);
        });
        await NothingIsLeftAsync();
        var events = await Kubernetes.CoreV1.ListNamespacedEventAsync(Namespace, fieldSelector: $"involvedObject.name={name}");
        Assert.That(events.Items.Count(happened => happened.Reason == reason.ToString() && happened.InvolvedObject.Kind == "RestoreJob"), Is.EqualTo(1), "told by one Event");
        return status;
    }

    protected static bool HasReached(RestoreJobStatus status, string conditionType) =>
        status.Conditions?.Exists(condition => condition.Type == conditionType && condition.Status == ConditionStatus.True) == true;

    /// <summary>A claim that no Pod and no deadline waits for: bound later, or never.</summary>
    protected async Task CreateUnboundClaimAsync(string name, string storageClass, string size = "64Mi") =>
        await Kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1PersistentVolumeClaimSpec
            {
                StorageClassName = storageClass, AccessModes = ["ReadWriteOnce"],
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) } },
            },
        }, Namespace);

    protected async Task DeleteClaimAsync(string name)
    {
        await Kubernetes.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync(name, Namespace);
        await Eventually(
            async () => (await Kubernetes.CoreV1.ListNamespacedPersistentVolumeClaimAsync(Namespace, fieldSelector: $"metadata.name={name}")).Items.Count == 0,
            TimeSpan.FromSeconds(30), () => $"claim {name} is still there");
    }

    protected async Task<string> ManifestOfClaimAsync(string claim) => await Restore.ManifestOfFolderAsync(await Storage.VolumePathAsync(Namespace, claim));

    /// <summary>Mode, owner and time of a volume's root, which the manifest of its content leaves out.</summary>
    protected async Task<string> RootOfClaimAsync(string claim) => await Cluster.Node.RunAsync("stat", "-c", "%a %u:%g %y", await Storage.VolumePathAsync(Namespace, claim));

    /// <summary>A Pod that mounts the claim and sleeps, running.</summary>
    protected async Task RunPodAsync(string name, string claim)
    {
        var image = await Cluster.LoadToolboxAsync();
        await Kubernetes.CoreV1.CreateNamespacedPodAsync(new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1PodSpec
            {
                TerminationGracePeriodSeconds = 1,
                AutomountServiceAccountToken = false,
                Containers = [new V1Container { Name = "shop", Image = image, ImagePullPolicy = "Never", Command = ["sleep", "86400"], VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }] }],
                Volumes = [new V1Volume { Name = "data", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = claim } }],
            },
        }, Namespace);
        await Eventually(
            async () => (await Kubernetes.CoreV1.ReadNamespacedPodAsync(name, Namespace)).Status?.Phase == "Running",
            TimeSpan.FromSeconds(60), () => $"Pod {name} does not run");
    }
}
