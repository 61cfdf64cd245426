using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using Walle.Crds;
using Walle.Crds.Schema;

namespace Walle.Tests.Crds;

/// <summary>Plain HTTP to the API server of Walle's kinds: wrong objects must arrive there as they are, which a typed client would prevent.</summary>
internal sealed class ApiServer(IKubernetes kubernetes, string @namespace)
{
    private const string Table = "application/json;as=Table;g=meta.k8s.io;v=v1";

    // A wrong object is judged and not stored, so that tests need no cleaning up between two.
    private const string DryRun = "?dryRun=All";

    public Task<ApiAnswer> TryCreateAsync(Type kind, JsonObject resource) => SendAsync(HttpMethod.Post, Path(kind) + DryRun, resource);

    public Task<ApiAnswer> CreateAsync(Type kind, JsonObject resource) => SendAsync(HttpMethod.Post, Path(kind), resource);

    public Task<ApiAnswer> ReplaceAsync(Type kind, JsonObject resource) => SendAsync(HttpMethod.Put, Path(kind, resource["metadata"]!["name"]!.ToString()), resource);

    public Task<ApiAnswer> ReadTableAsync(Type kind) => SendAsync(HttpMethod.Get, Path(kind), null, Table);

    /// <summary>The table of one object as it would be with this status, which is not stored: a controller may be at work on the same object.</summary>
    public Task<ApiAnswer> ReadTableAsync(Type kind, string name, JsonNode status) => SendAsync(
        HttpMethod.Patch, $"{Path(kind, name)}/status{DryRun}", new JsonArray(new JsonObject { ["op"] = "add", ["path"] = "/status", ["value"] = status }), Table, "application/json-patch+json");

    /// <summary>The group's resources, for their short names and categories.</summary>
    public Task<ApiAnswer> DiscoverAsync() => SendAsync(HttpMethod.Get, $"apis/{ApiGroup.ApiVersion}", null);

    /// <summary>Whether the server evaluates CEL rules of CRDs: on by default since 1.25, silently dropped before.</summary>
    public async Task<(bool Works, string Version)> CelAsync()
    {
        var version = await kubernetes.Version.GetCodeAsync();
        var parts = version.GitVersion.TrimStart('v').Split('.');
        return (int.Parse(parts[0], null) > 1 || int.Parse(parts[1], null) >= 25, version.GitVersion);
    }

    private string Path(Type kind, string? name = null) =>
        $"apis/{ApiGroup.ApiVersion}/namespaces/{@namespace}/{CustomResourceDefinitions.Plural(kind)}{(name is null ? "" : "/" + name)}";

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, JsonNode? body, string accept = "application/json", string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(kubernetes.BaseUri, path));
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, contentType);
        using var response = await ((k8s.Kubernetes)kubernetes).HttpClient.SendAsync(request);
        return new(response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }
}
