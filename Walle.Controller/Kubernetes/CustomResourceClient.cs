using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;
using Walle.Crds;

namespace Walle.Controller.Kubernetes;

/// <summary>
/// Writes to objects of one of Walle's own kinds. Every change carries the resourceVersion that it was decided from: a newer object answers 409.
/// </summary>
/// <param name="statusOf">The status that is stored, as far as it is known.</param>
internal abstract class CustomResourceClient<TResource, TStatus>(IKubernetes kubernetes, string plural, JsonTypeInfo<TStatus> statusType, Func<TResource, TStatus?> statusOf)
    where TResource : CustomResource
    where TStatus : class
{
    protected IKubernetes Kubernetes { get; } = kubernetes;

    /// <returns>The new resourceVersion.</returns>
    public async Task<ulong> WriteStatusAsync(TResource resource, TStatus status, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = resource.Metadata.ResourceVersion },
            ["status"] = Between(statusOf(resource), status, statusType),
        };
        return VersionOf(await Kubernetes.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            Patch(body), ApiGroup.Name, ApiGroup.Version, resource.Metadata.Namespace, plural, resource.Metadata.Name, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken));
    }

    /// <returns>The new resourceVersion.</returns>
    public async Task<ulong> WriteFinalizersAsync(TResource resource, IReadOnlyList<string> finalizers, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = resource.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => JsonValue.Create(finalizer))]),
            },
        };
        return VersionOf(await Kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync(
            Patch(body), ApiGroup.Name, ApiGroup.Version, resource.Metadata.Namespace, plural, resource.Metadata.Name, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken));
    }

    /// <summary>Throws NotFound; Conflict when the name belongs to another object by now.</summary>
    public Task DeleteAsync(NamespacedName name, string uid, CancellationToken cancellationToken) => Kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(
        ApiGroup.Name, ApiGroup.Version, name.Namespace, plural, name.Name,
        new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } }, cancellationToken: cancellationToken);

    /// <summary>What changes: as JSON, since that is what is stored. Null when nothing does.</summary>
    protected static JsonObject? Between(TStatus? stored, TStatus status, JsonTypeInfo<TStatus> statusType) =>
        ReferenceEquals(stored, status) ? null : MergePatch.Between(stored is null ? null : ToJson(stored, statusType), ToJson(status, statusType));

    private static JsonObject ToJson(TStatus status, JsonTypeInfo<TStatus> statusType) => JsonSerializer.SerializeToNode(status, statusType)!.AsObject();

    private static V1Patch Patch(JsonObject body) => new(body.ToJsonString(), V1Patch.PatchType.MergePatch);

    /// <summary>0 when it is no number.</summary>
    private static ulong VersionOf(object answer) =>
        answer is JsonElement element && ulong.TryParse(element.GetProperty("metadata").GetProperty("resourceVersion").GetString(), out var version) ? version : 0;
}
