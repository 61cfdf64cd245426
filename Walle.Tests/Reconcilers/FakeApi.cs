using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Walle.Tests.Kubernetes;

namespace Walle.Tests.Reconcilers;

/// <summary>
/// An API server of a few routes behind the real client: objects by path, AlreadyExists, resourceVersion and UID preconditions, merge patches. Answers can
/// be replaced, or lost after the write was done.
/// </summary>
internal sealed class FakeApi : DelegatingHandler
{
    private ulong _version = 1000;

    public SortedDictionary<string, JsonObject> Objects { get; } = [];

    /// <summary>Every request that changes something, as "VERB path".</summary>
    public List<string> Writes { get; } = [];
    public List<string> Reads { get; } = [];

    /// <summary>Jobs that were deleted in a way that leaves their Pods running: a Job's default.</summary>
    public List<string> Orphaning { get; } = [];

    /// <summary>Instead of an answer: status code and Status body.</summary>
    public Func<string, (HttpStatusCode Code, string Body)?> Refuse { get; set; } = _ => null;
    public Func<string, bool> LoseAnswer { get; set; } = _ => false;

    public void Put(string path, JsonNode manifest)
    {
        var made = manifest.AsObject();
        var metadata = (JsonObject)(made["metadata"] ??= new JsonObject());
        metadata["name"] ??= path[(path.LastIndexOf('/') + 1)..];
        metadata["uid"] ??= $"uid-of-{metadata["name"]!.GetValue<string>()}";
        metadata["creationTimestamp"] ??= "2026-11-22T12:00:00Z";
        metadata["resourceVersion"] = $"{++_version}";
        Objects[path] = made;
    }

    public void Change(string path, string patch) => Put(path, MergePatchTests.Apply(Objects[path], JsonNode.Parse(patch)!.AsObject()));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var line = $"{request.Method} {path}";
        (request.Method == HttpMethod.Get ? Reads : Writes).Add(line);
        if (Refuse(line) is { } refusal)
        {
            return Answer(request, refusal.Code, refusal.Body);
        }

        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken))?.AsObject();
        var answer = request.Method.Method switch
        {
            "GET" => Get(request, path, Uri.UnescapeDataString(request.RequestUri.Query)),
            "POST" => Post(request, path, body!),
            "PATCH" => Patch(request, path.EndsWith("/status", StringComparison.Ordinal) ? path[..^"/status".Length] : path, body!),
            "PUT" => Replace(request, path, body!),
            _ => Delete(request, path, body),
        };
        return LoseAnswer(line) ? throw new HttpRequestException("the connection was reset") : answer;
    }

    private HttpResponseMessage Get(HttpRequestMessage request, string path, string query)
    {
        if (Objects.TryGetValue(path, out var found))
        {
            return Answer(request, HttpStatusCode.OK, found.ToJsonString());
        }

        // A collection has an odd number of segments in these routes only by its plural: known by what is asked for below it.
        var isCollection = path.EndsWith('s') && !path.Contains("/persistentvolumes/", StringComparison.Ordinal) && char.IsLower(path[^2]) && path.Split('/')[^1] is "jobs" or "pods" or "volumesnapshotclasses" or "volumegroupsnapshotclasses" or "replicasets" or "persistentvolumeclaims";
        if (!isCollection)
        {
            return Fail(request, HttpStatusCode.NotFound, "NotFound", $"{path} not found");
        }

        var plural = path.Split('/')[^1];
        var root = path.StartsWith("/apis/batch/v1/jobs", StringComparison.Ordinal) || path == "/api/v1/pods" ? path[..^plural.Length] : path + "/";
        var items = Objects.Where(pair => pair.Key.StartsWith(root, StringComparison.Ordinal) && pair.Key.Contains($"/{plural}/", StringComparison.Ordinal) && Selected(pair.Value, query)).Select(pair => (JsonNode)pair.Value.DeepClone());
        return Answer(request, HttpStatusCode.OK, new JsonObject { ["kind"] = "List", ["metadata"] = new JsonObject(), ["items"] = new JsonArray([.. items]) }.ToJsonString());
    }

    private static bool Selected(JsonObject candidate, string query)
    {
        var selector = query.TrimStart('?').Split('&').FirstOrDefault(part => part.StartsWith("labelSelector=", StringComparison.Ordinal))?["labelSelector=".Length..];
        return selector is null || selector.Split(',').All(term => term.Split('=') is var pair && candidate["metadata"]?["labels"]?[pair[0]]?.GetValue<string>() == pair[1]);
    }

    private HttpResponseMessage Post(HttpRequestMessage request, string path, JsonObject body)
    {
        var name = body["metadata"]!["name"]!.GetValue<string>();
        if (Objects.ContainsKey($"{path}/{name}"))
        {
            return Fail(request, HttpStatusCode.Conflict, "AlreadyExists", $"\"{name}\" already exists");
        }

        Put($"{path}/{name}", body);
        return Answer(request, HttpStatusCode.Created, Objects[$"{path}/{name}"].ToJsonString());
    }

    private HttpResponseMessage Patch(HttpRequestMessage request, string path, JsonObject body)
    {
        if (!Objects.TryGetValue(path, out var stored))
        {
            return Fail(request, HttpStatusCode.NotFound, "NotFound", $"{path} not found");
        }

        if (body["metadata"]?["resourceVersion"]?.GetValue<string>() is { } version && version != stored["metadata"]!["resourceVersion"]!.GetValue<string>())
        {
            return Fail(request, HttpStatusCode.Conflict, "Conflict", "the object has been modified");
        }

        Put(path, MergePatchTests.Apply(stored, body));
        return Answer(request, HttpStatusCode.OK, Objects[path].ToJsonString());
    }

    private HttpResponseMessage Replace(HttpRequestMessage request, string path, JsonObject body)
    {
        Put(path, body);
        return Answer(request, HttpStatusCode.OK, Objects[path].ToJsonString());
    }

    private HttpResponseMessage Delete(HttpRequestMessage request, string path, JsonObject? options)
    {
        if (!Objects.TryGetValue(path, out var stored))
        {
            return Fail(request, HttpStatusCode.NotFound, "NotFound", $"{path} not found");
        }

        if (options?["preconditions"]?["uid"]?.GetValue<string>() is not { } uid || uid != stored["metadata"]!["uid"]!.GetValue<string>())
        {
            return Fail(request, HttpStatusCode.Conflict, "Conflict", "the UID in the precondition does not match");
        }

        if (path.Contains("/jobs/", StringComparison.Ordinal) && options["propagationPolicy"]?.GetValue<string>() is not ("Background" or "Foreground"))
            Orphaning.Add(path);
        Objects.Remove(path);
        // A claim is answered with itself, as by kube-apiserver (ReturnDeletedObject), everything else with a Status.
        return Answer(request, HttpStatusCode.OK, path.Contains("/persistentvolumeclaims/", StringComparison.Ordinal) ? stored.ToJsonString() : """{"kind":"Status","apiVersion":"v1","status":"Success"}""");
    }

    private static HttpResponseMessage Fail(HttpRequestMessage request, HttpStatusCode code, string reason, string message) =>
        Answer(request, code, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["reason"] = reason, ["message"] = message }.ToJsonString());

    private static HttpResponseMessage Answer(HttpRequestMessage request, HttpStatusCode code, string body) =>
        new(code) { RequestMessage = request, Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
