using k8s;
using k8s.Models;
using Walle.Crds;

namespace Walle.Controller.Reconcilers;

/// <summary>Live looks at worker Pods by their name alone: what a lock in a repository names as its host.</summary>
/// <param name="watchedNamespace">Null: all.</param>
internal sealed class WorkerPodReader(IKubernetes kubernetes, string? watchedNamespace)
{
    /// <returns>Null: there is no worker's Pod of that name. False: it has ended.</returns>
    public async Task<bool?> IsAliveAsync(string name, CancellationToken cancellationToken)
    {
        var selector = $"metadata.name={name}";
        V1PodList pods = watchedNamespace is null
            ? await kubernetes.CoreV1.ListPodForAllNamespacesAsync(fieldSelector: selector, labelSelector: WellKnown.ManagedBySelector, cancellationToken: cancellationToken)
            : await kubernetes.CoreV1.ListNamespacedPodAsync(watchedNamespace, fieldSelector: selector, labelSelector: WellKnown.ManagedBySelector, cancellationToken: cancellationToken);
        return pods.Items.Count == 0 ? null : pods.Items.Any(pod => pod.Status?.Phase is not ("Succeeded" or "Failed"));
    }
}
