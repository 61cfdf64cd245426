using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Walle.Crds;

namespace Walle.Controller.Kubernetes;

/// <summary>Creates, reads and deletes VolumeGroupSnapshots, and lists their classes. Which version the server offers is asked for.</summary>
internal sealed class VolumeGroupSnapshotClient(IKubernetes kubernetes)
{
    private const string Group = "groupsnapshot.storage.k8s.io";
    private const string Plural = "volumegroupsnapshots";
    private const string ClassPlural = "volumegroupsnapshotclasses";
    private const string DefaultAnnotation = "groupsnapshot.storage.kubernetes.io/is-default-class";

    /// <summary>The newest first. In these two every member has its group as owner.</summary>
    private static readonly string[] Versions = ["v1", "v1beta2"];

    public async Task<JsonElement> CreateAsync(string version, JsonObject manifest, string @namespace, CancellationToken cancellationToken) =>
        (JsonElement)await kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(manifest, Group, version, @namespace, Plural, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken);

    public async Task<JsonElement> GetAsync(string version, NamespacedName name, CancellationToken cancellationToken) =>
        (JsonElement)await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(Group, version, name.Namespace, Plural, name.Name, cancellationToken);

    public Task DeleteAsync(string version, NamespacedName name, string uid, CancellationToken cancellationToken) => kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(
        Group, version, name.Namespace, Plural, name.Name, new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } }, cancellationToken: cancellationToken);

    /// <summary>The version that the server offers, and its classes: name, driver, and whether it is marked as default. Null when it offers none that is known.</summary>
    public async Task<(string Version, IReadOnlyList<(string Name, string Driver, bool IsDefault)> Classes)?> ListClassesAsync(CancellationToken cancellationToken)
    {
        foreach (var version in Versions)
        {
            try
            {
                var list = (JsonElement)await kubernetes.CustomObjects.ListClusterCustomObjectAsync(Group, version, ClassPlural, cancellationToken: cancellationToken);
                return (version, [.. list.GetProperty("items").EnumerateArray().Select(ClassOf).OrderBy(found => found.Name, StringComparer.Ordinal)]);
            }
            catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.NotFound))
            {
                // Not served: the next one.
            }
        }

        return null;
    }

    private static (string Name, string Driver, bool IsDefault) ClassOf(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        return (
            metadata.GetProperty("name").GetString() ?? "",
            item.TryGetProperty("driver", out var driver) ? driver.GetString() ?? "" : "",
            metadata.TryGetProperty("annotations", out var annotations) && annotations.TryGetProperty(DefaultAnnotation, out var isDefault) && isDefault.GetString() == "true");
    }
}
