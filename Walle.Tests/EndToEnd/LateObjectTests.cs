using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using NUnit.Framework;
using Walle.Controller.Pipeline;
using Walle.Crds;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd;

/// <summary>
/// A create that a dead controller sent, and that the API server carries out only after the BackupJob has been ended and tidied up by its successor. Nobody waits
/// for these objects any more, and the garbage collector keeps them as long as the BackupJob stands.
/// </summary>
public sealed class LateObjectTests : EndToEndTest
{
    private const string Claim = "data";

    [TestCase("snapshot")]
    [TestCase("clone")]
    [TestCase("job")]
    public async Task WhatComesIntoBeingAfterTheEnd_IsSweptAway(string what)
    {
        await CreateClaimAsync(Claim);
        await WriteAsync(Claim, "echo content > file");
        await CreateSecretAsync();
        await BackUpAsync("first", Claim);
        await NothingIsLeftAsync();

        await CreateLateAsync(what, (await ReadBackupAsync("first")).Metadata.Uid!);

        await NothingIsLeftAsync();
        Assert.That((await Kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(Claim, Namespace)).Metadata.DeletionTimestamp, Is.Null);
    }

    private async Task CreateLateAsync(string what, string uid)
    {
        var metadata = new V1ObjectMeta
        {
            Labels = new Dictionary<string, string> { [WellKnown.ManagedByLabel] = WellKnown.ManagedByValue, [WellKnown.OwnerUidLabel] = uid },
            OwnerReferences = [new V1OwnerReference { ApiVersion = ApiGroup.ApiVersion, Kind = ApiGroup.BackupJobKind, Name = "first", Uid = uid, Controller = true, BlockOwnerDeletion = true }],
        };
        switch (what)
        {
            case "snapshot":
                metadata.Name = ResourceNames.Snapshot(uid);
                await Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(
                    new JsonObject
                    {
                        ["apiVersion"] = "snapshot.storage.k8s.io/v1", ["kind"] = "VolumeSnapshot", ["metadata"] = JsonNode.Parse(KubernetesJson.Serialize(metadata)),
                        ["spec"] = new JsonObject { ["source"] = new JsonObject { ["persistentVolumeClaimName"] = Claim } },
                    }, "snapshot.storage.k8s.io", "v1", Namespace, "volumesnapshots");
                break;
            case "clone":
                metadata.Name = ResourceNames.Clone(uid);
                await Kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(new V1PersistentVolumeClaim
                {
                    Metadata = metadata,
                    Spec = new V1PersistentVolumeClaimSpec
                    {
                        StorageClassName = StorageNames.BlockImmediate, AccessModes = ["ReadWriteOnce"],
                        Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("64Mi") } },
                    },
                }, Namespace);
                break;
            default:
                metadata.Name = ResourceNames.BackupJob(uid, 1);
                await Kubernetes.BatchV1.CreateNamespacedJobAsync(new V1Job
                {
                    Metadata = metadata,
                    Spec = new V1JobSpec
                    {
                        Template = new V1PodTemplateSpec
                        {
                            Metadata = new V1ObjectMeta { Labels = metadata.Labels },
                            Spec = new V1PodSpec { RestartPolicy = "Never", Containers = [new V1Container { Name = "worker", Image = "walle/none", ImagePullPolicy = "Never" }] },
                        },
                    },
                }, Namespace);
                break;
        }
    }
}
