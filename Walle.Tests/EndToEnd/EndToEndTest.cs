using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.Json;
using Walle.Crds.V1;
using Walle.Tests.Cluster;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>A test of the whole: real API server, kubelet, controller, worker and restic, on volumes of the storage double.</summary>
[Category("EndToEnd")]
public abstract class EndToEndTest : ClusterTest
{
    internal const string SecretName = "repository";
    internal const string Password = "correct horse battery staple";
    protected static readonly TimeSpan BackupDeadline = TimeSpan.FromMinutes(5);

    internal WalleUnderTest Walle { get; private set; } = null!;

    internal StorageDouble Storage { get; private set; } = null!;

    internal RestoreCheck Restore { get; private set; } = null!;

    [SetUp]
    public async Task StartWalleAsync()
    {
        (Walle, Storage) = await GetWalleAsync();
        Restore = new RestoreCheck(Cluster, Namespace);
    }

    /// <summary>The controller and the storage that the tests share.</summary>
    internal virtual async Task<(WalleUnderTest Walle, StorageDouble Storage)> GetWalleAsync()
    {
        var walle = await WalleUnderTest.GetAsync();
        Assert.That(walle.Controller.Runs, Is.True, $"the controller has ended:\n{walle.Controller.Log}");
        return (walle, await SharedStorage.GetAsync());
    }

    [TearDown]
    public async Task TellAsync()
    {
        if (TestContext.CurrentContext.Result.FailCount > 0)
            await TestContext.Out.WriteLineAsync($"controller log of {Namespace}:\n{string.Join('\n', Walle.Controller.Log.Split('\n').Where(line => line.Contains(Namespace, StringComparison.Ordinal)).TakeLast(60))}");
    }

    /// <summary>A bound claim; <paramref name="fault"/> is what the storage will do wrong with it.</summary>
    protected async Task CreateClaimAsync(string name, string storageClass = StorageNames.BlockImmediate, string? fault = null, string size = "64Mi", string volumeMode = "Filesystem")
    {
        await Kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = name, Annotations = fault is null ? null : new Dictionary<string, string> { [Fault.Annotation] = fault } },
            Spec = new V1PersistentVolumeClaimSpec
            {
                StorageClassName = storageClass,
                VolumeMode = volumeMode,
                AccessModes = ["ReadWriteOnce"],
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) } },
            },
        }, Namespace);
        if (volumeMode == "Filesystem")
        {
            await Eventually(
                async () => (await Kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(name, Namespace)).Status.Phase == "Bound",
                TimeSpan.FromSeconds(30), () => $"claim {name} is not bound");
        }
    }

    /// <summary>A shell script run inside the volume, in the node.</summary>
    protected async Task WriteAsync(string claim, string script) =>
        await Cluster.Node.RunAsync("bash", "-euc", $"cd \"$1\"; {script}\nsync -f .", "write", await Storage.VolumePathAsync(Namespace, claim));

    protected async Task SetFaultAsync(string claim, string? fault)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Fault.Annotation] = fault } } };
        await Kubernetes.CoreV1.PatchNamespacedPersistentVolumeClaimAsync(new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), claim, Namespace);
    }

    protected async Task CreateSecretAsync(string? repository = null, string? password = Password, string name = SecretName)
    {
        var data = new Dictionary<string, string> { ["RESTIC_REPOSITORY"] = repository ?? Walle.Repositories.UrlOf(Namespace) };
        if (password is not null)
            data["RESTIC_PASSWORD"] = password;
        await Kubernetes.CoreV1.CreateNamespacedSecretAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = name }, StringData = data }, Namespace);
    }

    protected async Task CreateBackupAsync(string name, string claim, BackupOptions? options = null, string? initialize = null, string secret = SecretName)
    {
        var job = new BackupJob
        {
            ApiVersion = ApiGroup.ApiVersion,
            Kind = ApiGroup.BackupJobKind,
            Metadata = new ObjectMeta { Name = name, Namespace = Namespace },
            Spec = new BackupJobSpec { Source = new BackupSource { Name = claim }, Repository = new RepositorySpec { SecretRef = new SecretReference { Name = secret }, Initialize = initialize }, Options = options },
        };
        await Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(
            JsonSerializer.SerializeToNode(job, CrdJsonContext.Default.BackupJob), ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupJobPlural);
    }

    protected async Task CreateWorkloadBackupAsync(string name, string kind, string source, BackupOptions? options = null)
    {
        var job = new BackupJob
        {
            ApiVersion = ApiGroup.ApiVersion,
            Kind = ApiGroup.BackupJobKind,
            Metadata = new ObjectMeta { Name = name, Namespace = Namespace },
            Spec = new BackupJobSpec { Source = new BackupSource { Kind = kind, Name = source }, Repository = new RepositorySpec { SecretRef = new SecretReference { Name = SecretName } }, Options = options },
        };
        await Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(
            JsonSerializer.SerializeToNode(job, CrdJsonContext.Default.BackupJob), ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupJobPlural);
    }

    protected async Task<BackupJob> ReadBackupAsync(string name) =>
        ((JsonElement)await Kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupJobPlural, name))
        .Deserialize(CrdJsonContext.Default.BackupJob)!;

    protected Task DeleteBackupAsync(string name) =>
        Kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupJobPlural, name);

    /// <summary>Waits until the BackupJob is over and cleaned up.</summary>
    protected async Task<BackupJobStatus> EndOfAsync(string name, TimeSpan? deadline = null)
    {
        BackupJob? job = null;
        await Eventually(
            async () =>
            {
                job = await ReadBackupAsync(name);
                return job.Status?.Phase is BackupPhase.Succeeded or BackupPhase.PartiallySucceeded or BackupPhase.Failed or BackupPhase.Cancelled;
            },
            deadline ?? BackupDeadline, () => $"BackupJob {name} has not ended: {job?.Status?.Phase}: {job?.Status?.Reason}: {job?.Status?.Message}");
        return job!.Status!;
    }

    protected async Task<BackupJobStatus> BackUpAsync(string name, string claim, BackupOptions? options = null)
    {
        await CreateBackupAsync(name, claim, options);
        var status = await EndOfAsync(name);
        Assert.That(status.Phase, Is.EqualTo(BackupPhase.Succeeded), $"{status.Reason}: {status.Message}");
        return status;
    }

    /// <summary>The run fails for this reason, tells what to do, tells it once, and leaves nothing.</summary>
    protected async Task<BackupJobStatus> EndsWithAsync(string name, Reason reason, string told, string phase = BackupPhase.Failed)
    {
        var status = await EndOfAsync(name);
        Assert.Multiple(() =>
        {
            Assert.That(status.Reason, Is.EqualTo(reason.ToString()), status.Message);
            Assert.That(status.Phase, Is.EqualTo(phase));
            Assert.That(status.Message, Does.Contain(told));
            Assert.That(HasReached(status, ConditionTypes.Failed), Is.True);
        });
        await NothingIsLeftAsync();
        var events = await Kubernetes.CoreV1.ListNamespacedEventAsync(Namespace, fieldSelector: $"involvedObject.name={name}");
        Assert.That(events.Items.Count(happened => happened.Reason == reason.ToString() && happened.Message == status.Message), Is.EqualTo(1), "told by one Event");
        return status;
    }

    /// <summary>Waits for a condition of the run, for example to interfere in the middle of it.</summary>
    protected async Task WaitForAsync(string name, Func<BackupJobStatus, bool> condition, string what)
    {
        BackupJob? job = null;
        await Eventually(
            async () => (job = await ReadBackupAsync(name)).Status is { } status && condition(status),
            BackupDeadline, () => $"BackupJob {name}: {what}; it is {job?.Status?.Phase}: {job?.Status?.Reason}: {job?.Status?.Message}");
    }

    protected static bool HasReached(BackupJobStatus status, string conditionType) =>
        status.Conditions?.Exists(condition => condition.Type == conditionType && condition.Status == ConditionStatus.True) == true;

    /// <summary>Nothing temporary is left: not in the namespace, not in the cluster, not in the storage.</summary>
    protected Task NothingIsLeftAsync() => new LeakCheck(Cluster, Namespace).NothingIsLeftAsync();
}
