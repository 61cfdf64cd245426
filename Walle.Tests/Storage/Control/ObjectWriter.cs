using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>Writes to objects of one kind, remembered in its cache.</summary>
internal sealed class ObjectWriter<T>(IKubernetes kubernetes, GenericClient client)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly KubernetesEntityAttribute _entity = typeof(T).GetKubernetesTypeMetadata();

    public ObjectCache<T>? Cache { get; set; }

    /// <summary>False where it exists already.</summary>
    public async Task<bool> TryCreateAsync(T item, CancellationToken cancel)
    {
        try
        {
            if (item.Metadata.NamespaceProperty is { } namespaceName)
                await client.CreateNamespacedAsync(item, namespaceName, cancel);
            else
                await client.CreateAsync(item, cancel);
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>A merge patch under the version that was seen, so that nobody else's finalizer is lost.</summary>
    public async Task<T> PatchAsync(T seen, JsonObject patch, CancellationToken cancel)
    {
        var metadata = patch["metadata"] as JsonObject ?? [];
        patch["metadata"] = metadata;
        metadata["resourceVersion"] = seen.Metadata.ResourceVersion;
        var body = Merge(patch);
        var written = seen.Metadata.NamespaceProperty is { } namespaceName
            ? await client.PatchNamespacedAsync<T>(body, namespaceName, seen.Metadata.Name, cancel)
            : await client.PatchAsync<T>(body, seen.Metadata.Name, cancel);
        Cache?.Put(written);
        return written;
    }

    public async Task<T> PatchStatusAsync(T seen, JsonObject status, CancellationToken cancel)
    {
        var body = Merge(new JsonObject { ["status"] = status });
        var written = seen.Metadata.NamespaceProperty is { } namespaceName
            ? await kubernetes.CustomObjects.PatchNamespacedCustomObjectStatusAsync<T>(body, _entity.Group, _entity.ApiVersion, namespaceName, _entity.PluralName, seen.Metadata.Name, cancellationToken: cancel)
            : await kubernetes.CustomObjects.PatchClusterCustomObjectStatusAsync<T>(body, _entity.Group, _entity.ApiVersion, _entity.PluralName, seen.Metadata.Name, cancellationToken: cancel);
        Cache?.Put(written);
        return written;
    }

    public Task<T> AddFinalizersAsync(T seen, IEnumerable<string> finalizers, CancellationToken cancel) =>
        SetFinalizersAsync(seen, (seen.Metadata.Finalizers ?? []).Union(finalizers), cancel);

    public Task<T> RemoveFinalizersAsync(T seen, IEnumerable<string> finalizers, CancellationToken cancel) =>
        SetFinalizersAsync(seen, (seen.Metadata.Finalizers ?? []).Except(finalizers), cancel);

    /// <summary>A null value takes the annotation off.</summary>
    public Task<T> AnnotateAsync(T seen, string annotation, string? value, CancellationToken cancel) =>
        PatchAsync(seen, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } }, cancel);

    public async Task DeleteAsync(T seen, CancellationToken cancel)
    {
        try
        {
            await client.DeleteAsync<T>(seen.Metadata.Name, cancel);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            // Gone already.
        }
    }

    public async Task DeleteNamespacedAsync(T seen, CancellationToken cancel)
    {
        try
        {
            await client.DeleteNamespacedAsync<T>(seen.Metadata.NamespaceProperty, seen.Metadata.Name, cancel);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            // Gone already.
        }
    }

    private async Task<T> SetFinalizersAsync(T seen, IEnumerable<string> finalizers, CancellationToken cancel)
    {
        var wanted = finalizers.ToArray();
        if (wanted.SequenceEqual(seen.Metadata.Finalizers ?? []))
            return seen;
        var list = new JsonArray([.. wanted.Select(finalizer => (JsonNode)finalizer)]);
        return await PatchAsync(seen, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = list } }, cancel);
    }

    private static V1Patch Merge(JsonObject patch) => new(patch.ToJsonString(), V1Patch.PatchType.MergePatch);
}
