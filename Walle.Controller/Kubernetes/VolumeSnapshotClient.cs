using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Walle.Crds;

namespace Walle.Controller.Kubernetes;

/// <summary>Creates, reads and deletes VolumeSnapshots, and lists their classes. Never a PUT: it would drop fields that Walle does not know.</summary>
internal sealed class VolumeSnapshotClient(IKubernetes kubernetes)
{
    private const string Group = "snapshot.storage.k8s.io";
    private const string Version = "v1";
    private const string Plural = "volumesnapshots";
    private const string ClassPlural = "volumesnapshotclasses";

    /// <returns>The controller's UID in the object as the server holds it.</returns>
    public async Task<(string? ControllerUid, ulong ResourceVersion)> CreateAsync(JsonObject manifest, string @namespace, CancellationToken cancellationToken) =>
        Identity(await kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(
            manifest, Group, Version, @namespace, Plural, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken));

    public async Task<(string? ControllerUid, ulong ResourceVersion)> GetAsync(NamespacedName name, CancellationToken cancellationToken) =>
        Identity(await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(Group, Version, name.Namespace, Plural, name.Name, cancellationToken));

    /// <summary>All of a namespace, as the server has them.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string @namespace, CancellationToken cancellationToken) =>
        [.. ((JsonElement)await kubernetes.CustomObjects.ListNamespacedCustomObjectAsync(Group, Version, @namespace, Plural, cancellationToken: cancellationToken)).GetProperty("items").EnumerateArray()];

    public Task DeleteAsync(NamespacedName name, string uid, CancellationToken cancellationToken) => kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(
        Group, Version, name.Namespace, Plural, name.Name, new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } }, cancellationToken: cancellationToken);

    /// <summary>All VolumeSnapshotClasses: name, driver, and whether it is marked as default.</summary>
    public async Task<IReadOnlyList<(string Name, string Driver, bool IsDefault)>> ListClassesAsync(CancellationToken cancellationToken)
    {
        var list = (JsonElement)await kubernetes.CustomObjects.ListClusterCustomObjectAsync(Group, Version, ClassPlural, cancellationToken: cancellationToken);
        return [.. list.GetProperty("items").EnumerateArray().Select(item => (
            item.GetProperty("metadata").GetProperty("name").GetString() ?? "",
            item.TryGetProperty("driver", out var driver) ? driver.GetString() ?? "" : "",
            item.GetProperty("metadata").TryGetProperty("annotations", out var annotations)
                && annotations.TryGetProperty("snapshot.storage.kubernetes.io/is-default-class", out var isDefault) && isDefault.GetString() == "true"))];
    }

    public static (string? ControllerUid, ulong ResourceVersion) Identity(object answer)
    {
        var metadata = ((JsonElement)answer).GetProperty("metadata");
        string? controller = null;
        if (metadata.TryGetProperty("ownerReferences", out var owners))
        {
            controller = owners.EnumerateArray().Where(owner => owner.TryGetProperty("controller", out var isController) && isController.GetBoolean()).Select(owner => owner.GetProperty("uid").GetString()).FirstOrDefault();
        }

        return (controller, ulong.TryParse(metadata.GetProperty("resourceVersion").GetString(), out var version) ? version : 0);
    }
}
