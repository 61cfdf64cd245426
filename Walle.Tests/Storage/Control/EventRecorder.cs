using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>Events as the sidecars write them; the same one again counts up.</summary>
internal sealed class EventRecorder(IKubernetes kubernetes, Action<string> report)
{
    public void Normal(IKubernetesObject<V1ObjectMeta> about, string component, string reason, string message) => _ = RecordAsync(about, component, "Normal", reason, message);

    public void Warning(IKubernetesObject<V1ObjectMeta> about, string component, string reason, string message) => _ = RecordAsync(about, component, "Warning", reason, message);

    private async Task RecordAsync(IKubernetesObject<V1ObjectMeta> about, string component, string type, string reason, string message)
    {
        var entity = about.GetType().GetKubernetesTypeMetadata();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var namespaceName = about.Metadata.NamespaceProperty ?? "default";
        var identity = SHA256.HashData(Encoding.UTF8.GetBytes($"{about.Metadata.Uid} {component} {reason} {message}"));
        var recorded = new Corev1Event
        {
            Metadata = new V1ObjectMeta { Name = $"{about.Metadata.Name}.{Convert.ToHexStringLower(identity)[..16]}", NamespaceProperty = namespaceName },
            InvolvedObject = new V1ObjectReference
            {
                ApiVersion = entity.Group.Length == 0 ? entity.ApiVersion : $"{entity.Group}/{entity.ApiVersion}",
                Kind = entity.Kind, Name = about.Metadata.Name, NamespaceProperty = about.Metadata.NamespaceProperty, Uid = about.Metadata.Uid,
            },
            Type = type, Reason = reason, Message = message, Count = 1, FirstTimestamp = now, LastTimestamp = now, Source = new V1EventSource { Component = component },
        };
        try
        {
            await kubernetes.CoreV1.CreateNamespacedEventAsync(recorded, namespaceName);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            await CountAsync(recorded, now);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            // The namespace is going away.
        }
        catch (Exception e)
        {
            report($"event {reason} of {about.Metadata.Name}: {e.Message}");
        }
    }

    private async Task CountAsync(Corev1Event recorded, DateTime now)
    {
        try
        {
            var known = await kubernetes.CoreV1.ReadNamespacedEventAsync(recorded.Metadata.Name, recorded.Metadata.NamespaceProperty);
            var patch = new JsonObject { ["count"] = (known.Count ?? 1) + 1, ["lastTimestamp"] = now.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) };
            await kubernetes.CoreV1.PatchNamespacedEventAsync(new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), recorded.Metadata.Name, recorded.Metadata.NamespaceProperty);
        }
        catch (Exception e)
        {
            report($"event {recorded.Reason} of {recorded.InvolvedObject.Name}: {e.Message}");
        }
    }
}
