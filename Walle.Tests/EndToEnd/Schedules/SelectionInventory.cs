using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Walle.Tests.Storage;

namespace Walle.Tests.EndToEnd.Schedules;

/// <summary>What the selection cases choose from. No Pod of it runs: workloads are scaled to none, and the Pods want a node that is not there.</summary>
internal static class SelectionInventory
{
    /// <summary>Name, labels and StorageClass of each claim.</summary>
    private static readonly (string Name, string Labels, string StorageClass)[] Claims =
    [
        ("web", """{"app": "web"}""", StorageNames.FileImmediate), ("db", """{"app": "db", "app.kubernetes.io/part-of": "shop"}""", StorageNames.FileImmediate),
        ("big", """{"app": "web", "size": "big"}""", StorageNames.BlockImmediate), ("quiet", """{"app": "quiet"}""", StorageNames.FileImmediate),
        ("no-class", """{"app": "web", "kind": "none"}""", StorageNames.NoClass), ("pending", """{"app": "pending"}""", StorageNames.FileWait),
        ("data-set-0", """{"app": "set"}""", StorageNames.FileImmediate), ("data-set-1", """{"app": "set"}""", StorageNames.FileImmediate),
        ("data-set-9", """{"app": "set"}""", StorageNames.FileImmediate),
        // Walle's own: never a candidate.
        ("walle-clone", """{"app": "web", "ros.io/owner-uid": "8b1b2a52-0000-4000-8000-000000000001"}""", StorageNames.FileImmediate),
    ];

    public static int BoundClaims => Claims.Length - 1;

    public static async Task CreateAsync(IKubernetes kubernetes, string ns)
    {
        foreach (var (name, labels, storageClass) in Claims)
        {
            var annotations = name == "quiet" ? """{"ros.io/backup": "false"}""" : "{}";
            await kubernetes.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(Parse<V1PersistentVolumeClaim>($$"""
                {"metadata": {"name": "{{name}}", "labels": {{labels}}, "annotations": {{annotations}} },
                 "spec": {"storageClassName": "{{storageClass}}", "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "16Mi"} } } }
                """), ns);
        }

        await CreateDeploymentAsync(kubernetes, ns, "web", ["web", "big"], "{}");
        await CreateDeploymentAsync(kubernetes, ns, "empty", [], "{}");
        await CreateDeploymentAsync(kubernetes, ns, "dump", [], """{"ros.io/backup-command": "pg_dumpall"}""");
        await CreateDeploymentAsync(kubernetes, ns, "private", ["db"], """{"ros.io/backup": "false"}""");
        await kubernetes.AppsV1.CreateNamespacedStatefulSetAsync(Parse<V1StatefulSet>($$"""
            {"metadata": {"name": "set"}, "spec": {"replicas": 0, "serviceName": "set", "selector": {"matchLabels": {"set": "x"} }, "template": {{Template("set", [], "{}")}},
             "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "16Mi"} } } }]} }
            """), ns);
        await kubernetes.AppsV1.CreateNamespacedDaemonSetAsync(Parse<V1DaemonSet>(
            $$"""{"metadata": {"name": "agent"}, "spec": {"selector": {"matchLabels": {"agent": "x"} }, "template": {{Template("agent", ["db"], "{}")}} } }"""), ns);
        await CreatePodAsync(kubernetes, ns, "reader", ["db"]);
        await CreatePodAsync(kubernetes, ns, "bare", []);
        await CreatePodAsync(kubernetes, ns, "mixed", ["web", "quiet"]);
    }

    private static async Task CreateDeploymentAsync(IKubernetes kubernetes, string ns, string name, string[] claims, string annotations) =>
        await kubernetes.AppsV1.CreateNamespacedDeploymentAsync(Parse<V1Deployment>($$"""
            {"metadata": {"name": "{{name}}", "labels": {"role": "{{(name == "web" ? "front" : "other")}}"} },
             "spec": {"replicas": 0, "selector": {"matchLabels": {"{{name}}": "x"} }, "template": {{Template(name, claims, annotations)}} } }
            """), ns);

    private static async Task CreatePodAsync(IKubernetes kubernetes, string ns, string name, string[] claims)
    {
        var template = JsonNode.Parse(Template(name, claims, "{}"))!;
        template["metadata"]!["name"] = name;
        template["metadata"]!["labels"]!["app"] = name;
        await kubernetes.CoreV1.CreateNamespacedPodAsync(Parse<V1Pod>(template.ToJsonString()), ns);
    }

    private static string Template(string name, string[] claims, string annotations) => $$"""
        {"metadata": {"labels": {"{{name}}": "x"}, "annotations": {{annotations}} }, "spec": {"nodeSelector": {"no": "node"}, "containers": [{"name": "main", "image": "walle/worker:dev"}],
         "volumes": [{"name": "scratch", "emptyDir": {} }{{string.Concat(claims.Select((claim, index) => $$""", {"name": "v{{index}}", "persistentVolumeClaim": {"claimName": "{{claim}}"} }"""))}}]} }
        """;

    private static T Parse<T>(string json) => KubernetesJson.Deserialize<T>(json);
}
