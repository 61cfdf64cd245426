using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Walle.Crds;
using Walle.Crds.Json;
using Walle.Crds.V1;

namespace Walle.Controller.Kubernetes;

/// <summary>Writes to RestoreJobs. Every write carries the resourceVersion that it was decided from: a newer object answers 409.</summary>
internal sealed class RestoreJobClient(IKubernetes kubernetes)
{
    /// <summary>Whether a status would be stored otherwise than it is: as JSON, since that is what is stored.</summary>
    public static bool Differs(RestoreJobStatus? stored, RestoreJobStatus status) =>
        !ReferenceEquals(stored, status) && MergePatch.Between(ToJson(stored), ToJson(status)!) is not null;

    /// <returns>The new resourceVersion.</returns>
    public async Task<ulong> WriteStatusAsync(RestoreJob job, RestoreJobStatus status, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = job.Metadata.ResourceVersion },
            ["status"] = MergePatch.Between(ToJson(job.Status), ToJson(status)!),
        };
        return ObjectVersion.Of(await kubernetes.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            Patch(body), ApiGroup.Name, ApiGroup.Version, job.Metadata.Namespace, ApiGroup.RestoreJobPlural, job.Metadata.Name, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken));
    }

    /// <returns>The new resourceVersion.</returns>
    public async Task<ulong> WriteFinalizersAsync(RestoreJob job, IReadOnlyList<string> finalizers, CancellationToken cancellationToken)
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
            Patch(body), ApiGroup.Name, ApiGroup.Version, job.Metadata.Namespace, ApiGroup.RestoreJobPlural, job.Metadata.Name, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken));
    }

    /// <summary>Throws NotFound; Conflict when the name belongs to another object by now.</summary>
    public Task DeleteAsync(NamespacedName name, string uid, CancellationToken cancellationToken) => kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(
        ApiGroup.Name, ApiGroup.Version, name.Namespace, ApiGroup.RestoreJobPlural, name.Name,
        new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } }, cancellationToken: cancellationToken);

    private static V1Patch Patch(JsonObject body) => new(body.ToJsonString(), V1Patch.PatchType.MergePatch);

    private static JsonObject? ToJson(RestoreJobStatus? status) =>
        status is null ? null : JsonSerializer.SerializeToNode(status, CrdJsonContext.Default.RestoreJobStatus)!.AsObject();
}
