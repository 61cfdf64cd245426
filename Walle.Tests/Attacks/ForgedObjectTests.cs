using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.EndToEnd;
using Walle.Tests.Storage;

namespace Walle.Tests.Attacks;

/// <summary>
/// Whoever may write objects in a namespace forges Walle's labels and names on them: nothing of his is deleted, used, or taken for Walle's. The ids are those of
/// reliability.md §8.2.
/// </summary>
public sealed class ForgedObjectTests : EndToEndTest
{
    private const string Claim = "data";
    private const string Job = "first";

    [Test]
    public async Task S23_ClaimsWithWallesLabels_OutliveTheCleanUp()
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await CreateBackupAsync(Job, Claim);
        var labels = new Dictionary<string, string> { [WellKnown.ManagedByLabel] = WellKnown.ManagedByValue, [WellKnown.OwnerUidLabel] = (await ReadBackupAsync(Job)).Metadata.Uid! };
        await Kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = "walle-mine", Labels = labels },
            Spec = new V1PersistentVolumeClaimSpec
            {
                StorageClassName = StorageNames.BlockWait, AccessModes = ["ReadWriteOnce"],
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("64Mi") } },
            },
        }, Namespace);

        var status = await EndOfAsync(Job);

        Assert.That((status.Phase, HasReached(status, ConditionTypes.CleanedUp)), Is.EqualTo((BackupPhase.Succeeded, true)), status.Message);
        var mine = await Kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync("walle-mine", Namespace);
        Assert.That(mine.Metadata.DeletionTimestamp, Is.Null);
    }

    [Test]
    public async Task S24_JobOfSomebodyElse_UnderTheNameOfTheWorkers_IsNoWorker_AndStays()
    {
        await CreateClaimAsync(Claim, fault: $"{Fault.SlowReady}:5s");
        await CreateSecretAsync();
        await CreateBackupAsync(Job, Claim);
        var uid = (await ReadBackupAsync(Job)).Metadata.Uid!;
        var name = ResourceNames.BackupJob(uid, 1);
        await Kubernetes.BatchV1.CreateNamespacedJobAsync(new V1Job
        {
            Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { [WellKnown.ManagedByLabel] = WellKnown.ManagedByValue, [WellKnown.OwnerUidLabel] = uid } },
            Spec = new V1JobSpec { Parallelism = 0, Template = new V1PodTemplateSpec { Spec = new V1PodSpec { RestartPolicy = "Never", Containers = [new V1Container { Name = "worker", Image = "forged" }] } } },
        }, Namespace);

        var status = await EndOfAsync(Job);

        Assert.That((status.Phase, status.Reason), Is.EqualTo((BackupPhase.Failed, nameof(Reason.NameConflict))), status.Message);
        Assert.That(status.Message, Does.Contain(name).And.Contains("kubectl"));
        Assert.That((await Kubernetes.BatchV1.ReadNamespacedJobAsync(name, Namespace)).Metadata.DeletionTimestamp, Is.Null);
    }

    [Test]
    public async Task S01_NamespaceOfASecret_IsNoField()
    {
        var body = JsonNode.Parse("""{"apiVersion": "ros.io/v1", "kind": "BackupJob", "metadata": {"name": "first"}, "spec": {"source": {"name": "none"}, "repository": {"secretRef": {"name": "repository", "namespace": "kube-system"} } } }""");
        await Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(body, ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupJobPlural);
        var stored = (JsonElement)await Kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, ApiGroup.BackupJobPlural, Job);
        Assert.That(stored.GetProperty("spec").GetProperty("repository").GetProperty("secretRef").EnumerateObject().Select(field => field.Name), Is.EqualTo(new[] { "name" }));
    }
}
