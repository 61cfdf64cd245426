using k8s;

namespace Walle.Tests.Cluster;

/// <summary>What a failed test leaves in its namespace, written next to its failure: Pods and Events say most of it.</summary>
internal static class NamespaceReport
{
    public static async Task WriteAsync(IKubernetes kubernetes, string name, TextWriter output)
    {
        try
        {
            foreach (var pod in (await kubernetes.CoreV1.ListNamespacedPodAsync(name)).Items)
            {
                var states = pod.Status.ContainerStatuses?.Select(c => c.State.Waiting?.Reason ?? c.State.Terminated?.Reason ?? "Running") ?? [];
                await output.WriteLineAsync($"pod {pod.Metadata.Name}: {pod.Status.Phase} {string.Join(", ", states)} {pod.Status.Message}");
            }

            var events = (await kubernetes.CoreV1.ListNamespacedEventAsync(name)).Items;
            foreach (var e in events.OrderBy(e => e.LastTimestamp ?? e.EventTime ?? DateTime.MinValue))
                await output.WriteLineAsync($"event {e.LastTimestamp ?? e.EventTime:HH:mm:ss} {e.InvolvedObject.Kind}/{e.InvolvedObject.Name} {e.Type} {e.Reason}: {e.Message}");
        }
        catch (Exception e)
        {
            // The report must not hide the failure it belongs to.
            await output.WriteLineAsync($"no report on namespace {name}: {e.Message}");
        }
    }
}
