using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Walle.Crds;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Kubernetes;

/// <summary>Writes to BackupJobs. Every write carries the resourceVersion that it was decided from: a newer object answers 409.</summary>
internal sealed class BackupJobClient(IKubernetes kubernetes)
{
    /// <summary>Whether a status would be stored otherwise than it is: as JSON, since that is what is stored.</summary>
    public static bool Differs(BackupJobStatus? stored, BackupJobStatus status) =>
        !ReferenceEquals(stored, status) && MergePatch.Between(ToJson(stored), ToJson(status)!) is not null;

    /// <returns>The new resourceVersion.</returns>
    public async Task<ulong> WriteStatusAsync(BackupJob job, BackupJobStatus status, CancellationToken cancellationToken)
    {
        var patch = MergePatch.Between(ToJson(job.Status), ToJson(status)!);
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = job.Metadata.ResourceVersion },
            ["status"] = patch,
        };
        return ObjectVersion.Of(await kubernetes.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            Patch(body), ApiGroup.Name, ApiGroup.Version, job.Metadata.Namespace, ApiGroup.BackupJobPlural, job.Metadata.Name, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken));
    }

    /// <returns>The new resourceVersion.</returns>
    public async Task<ulong> WriteFinalizersAsync(BackupJob job, IReadOnlyList<string> finalizers, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = job.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => JsonValue.Create(finalizer))]),
            },
        };
        return ObjectVersion.Of(await kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync(
            Patch(body), ApiGroup.Name, ApiGroup.Version, job.Metadata.Namespace, ApiGroup.BackupJobPlural, job.Metadata.Name, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken));
    }

    /// <summary>Throws AlreadyExists.</summary>
    public Task CreateAsync(BackupJob job, CancellationToken cancellationToken) => kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(
        JsonSerializer.SerializeToNode(job, CrdJsonContext.Default.BackupJob), ApiGroup.Name, ApiGroup.Version, job.Metadata.Namespace, ApiGroup.BackupJobPlural,
        fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken);

    /// <summary>Throws NotFound; Conflict when the name belongs to another object by now.</summary>
    public Task DeleteAsync(NamespacedName name, string uid, CancellationToken cancellationToken) => kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(
        ApiGroup.Name, ApiGroup.Version, name.Namespace, ApiGroup.BackupJobPlural, name.Name,
        new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } }, cancellationToken: cancellationToken);

    private static V1Patch Patch(JsonObject body) => new(body.ToJsonString(), V1Patch.PatchType.MergePatch);

    private static JsonObject? ToJson(BackupJobStatus? status) =>
        status is null ? null : JsonSerializer.SerializeToNode(status, CrdJsonContext.Default.BackupJobStatus)!.AsObject();
}
