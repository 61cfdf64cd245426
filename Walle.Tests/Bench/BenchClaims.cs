using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Walle.Controller.Kubernetes;

namespace Walle.Tests.Bench;

/// <summary>Claims as a cluster of StatefulSets has them: labels, annotations and managedFields, about 2.5 KB of JSON each.</summary>
internal static class BenchClaims
{
    private const int Parallel = 24;

    /// <summary>Makes those that are not there yet.</summary>
    public static async Task EnsureAsync(k8s.Kubernetes client, string ns, int count, Action<string> progress)
    {
        await SendAsync(client, HttpMethod.Post, "api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = ns } }, "application/json");
        var existing = await NamesAsync(client, ns);
        var missing = Enumerable.Range(0, count).Where(i => !existing.Contains(NameOf(i))).ToList();
        progress($"{existing.Count} claims are there, {missing.Count} to make");
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel };
        await System.Threading.Tasks.Parallel.ForEachAsync(missing, options, async (i, _) =>
        {
            var uri = $"api/v1/namespaces/{ns}/persistentvolumeclaims";
            var claim = await SendAsync(client, HttpMethod.Post, $"{uri}?fieldManager=helm", Make(i), "application/json");
            // As provisioners name it. The volume does not exist: the controller that binds claims leaves such a claim alone.
            var volume = new JsonObject { ["spec"] = new JsonObject { ["volumeName"] = "pvc-" + (string)claim!["metadata"]!["uid"]! } };
            await SendAsync(client, HttpMethod.Patch, $"{uri}/{NameOf(i)}?fieldManager=csi-provisioner", volume, "application/merge-patch+json");
            var made = Interlocked.Increment(ref done);
            if (made % 2000 == 0)
                progress($"made {made} of {missing.Count}");
        });
    }

    public static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"data-app-{i / 8:0000}-{i % 8}");

    private static async Task<HashSet<string>> NamesAsync(k8s.Kubernetes client, string ns)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? token = null;
        do
        {
            using var response = await new ApiConnection(client).GetAsync(new ResourcePath("", "v1", "persistentvolumeclaims").ListUri(ns, null, 500, token), CancellationToken.None);
            var list = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync())!;
            token = (string?)list["metadata"]!["continue"];
            foreach (var item in list["items"]!.AsArray())
                names.Add((string)item!["metadata"]!["name"]!);
        }
        while (!string.IsNullOrEmpty(token));
        return names;
    }

    private static JsonObject Make(int i)
    {
        var app = string.Create(CultureInfo.InvariantCulture, $"app-{i / 8:0000}");
        var labels = new JsonObject
        {
            ["app.kubernetes.io/name"] = app,
            ["app.kubernetes.io/instance"] = app + "-production",
            ["app.kubernetes.io/component"] = "database",
            ["app.kubernetes.io/managed-by"] = "Helm",
            ["helm.sh/chart"] = "postgresql-15.5.21",
            ["team"] = "team-" + (i / 8 % 40),
        };
        var annotations = new JsonObject
        {
            ["meta.helm.sh/release-name"] = app,
            ["meta.helm.sh/release-namespace"] = "production",
            ["volume.beta.kubernetes.io/storage-provisioner"] = "ebs.csi.aws.com",
            ["volume.kubernetes.io/selected-node"] = string.Create(CultureInfo.InvariantCulture, $"ip-10-0-{i % 256}-{i * 7 % 256}.eu-central-1.compute.internal"),
            // As kubectl apply leaves it behind: a second copy of the object.
            ["kubectl.kubernetes.io/last-applied-configuration"] = labels.ToJsonString(),
        };
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["metadata"] = new JsonObject { ["name"] = NameOf(i), ["labels"] = labels, ["annotations"] = annotations },
            ["spec"] = new JsonObject
            {
                ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["storageClassName"] = "gp3-encrypted",
                ["volumeMode"] = "Filesystem",
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = (10 + (i % 5)) + "Gi" } },
            },
        };
    }

    /// <summary>The server's answer; null when the object is there already.</summary>
    private static async Task<JsonNode?> SendAsync(k8s.Kubernetes client, HttpMethod method, string uri, JsonObject body, string mediaType)
    {
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, uri)) { Version = HttpVersion.Version20 };
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
        if (client.Credentials is { } credentials)
            await credentials.ProcessHttpRequestAsync(request, CancellationToken.None);
        using var response = await client.HttpClient.SendAsync(request);
        if (response.StatusCode == HttpStatusCode.Conflict)
            return null;
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
    }
}
