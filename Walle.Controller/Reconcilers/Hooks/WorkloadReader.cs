using k8s;
using k8s.Models;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline.Hooks;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers.Hooks;

/// <summary>
/// Live looks at a source: its Pods, its claims, its annotations. Labels lead to the Pods, and ownerReferences by UID say which of them are really its
/// own: anybody may label a Pod.
/// </summary>
internal sealed class WorkloadReader(IKubernetes kubernetes)
{
    /// <returns>Null when the source does not exist.</returns>
    public async Task<WorkloadFacts?> ReadAsync(string @namespace, BackupSource source, CancellationToken cancellationToken)
    {
        try
        {
            return source.Kind switch
            {
                SourceKind.Deployment => await DeploymentAsync(@namespace, source.Name, cancellationToken),
                SourceKind.StatefulSet => await StatefulSetAsync(@namespace, source.Name, cancellationToken),
                SourceKind.DaemonSet => await DaemonSetAsync(@namespace, source.Name, cancellationToken),
                SourceKind.Pod => await PodAsync(@namespace, source.Name, cancellationToken),
                _ => await ClaimAsync(@namespace, source.Name, cancellationToken),
            };
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.NotFound))
        {
            return null;
        }
    }

    /// <summary>The Pods of an open window when their workload is gone already: they may still run, and be frozen.</summary>
    public async Task<WorkloadFacts> ReadPodsAsync(string @namespace, BackupSource source, IReadOnlyCollection<string> uids, CancellationToken cancellationToken)
    {
        var pods = await kubernetes.CoreV1.ListNamespacedPodAsync(@namespace, cancellationToken: cancellationToken);
        return Facts(source.Kind ?? SourceKind.PersistentVolumeClaim, source.Name, null, null, pods.Items.Where(pod => uids.Contains(pod.Metadata.Uid)));
    }

    private async Task<WorkloadFacts> DeploymentAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        var deployment = await kubernetes.AppsV1.ReadNamespacedDeploymentAsync(name, @namespace, cancellationToken: cancellationToken);
        var selector = LabelSelectorText.Of(deployment.Spec.Selector);
        var sets = await kubernetes.AppsV1.ListNamespacedReplicaSetAsync(@namespace, labelSelector: selector, cancellationToken: cancellationToken);
        var owners = sets.Items.Where(set => IsControlled(set.Metadata, deployment.Metadata.Uid)).Select(set => set.Metadata.Uid).ToHashSet();
        return Facts(SourceKind.Deployment, name, deployment.Metadata, deployment.Spec.Template, await PodsAsync(@namespace, selector, owners, cancellationToken));
    }

    private async Task<WorkloadFacts> DaemonSetAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        var set = await kubernetes.AppsV1.ReadNamespacedDaemonSetAsync(name, @namespace, cancellationToken: cancellationToken);
        return Facts(SourceKind.DaemonSet, name, set.Metadata, set.Spec.Template, await PodsAsync(@namespace, LabelSelectorText.Of(set.Spec.Selector), [set.Metadata.Uid], cancellationToken));
    }

    private async Task<WorkloadFacts> StatefulSetAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        var set = await kubernetes.AppsV1.ReadNamespacedStatefulSetAsync(name, @namespace, cancellationToken: cancellationToken);
        var facts = Facts(SourceKind.StatefulSet, name, set.Metadata, set.Spec.Template, await PodsAsync(@namespace, LabelSelectorText.Of(set.Spec.Selector), [set.Metadata.Uid], cancellationToken));
        var prefixes = (set.Spec.VolumeClaimTemplates ?? []).Select(template => $"{template.Metadata.Name}-{name}-").ToList();
        if (prefixes.Count == 0)
            return facts;

        // Also those of replicas that are scaled away, or not there just now: their data comes back with them.
        var claims = await kubernetes.CoreV1.ListNamespacedPersistentVolumeClaimAsync(@namespace, cancellationToken: cancellationToken);
        var own = claims.Items.Select(claim => claim.Metadata.Name).Where(claim => prefixes.Exists(prefix => IsOrdinal(claim, prefix)));
        return facts with { Claims = [.. facts.Claims.Union(own).Order(StringComparer.Ordinal)] };
    }

    private async Task<WorkloadFacts?> PodAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        var pods = await kubernetes.CoreV1.ListNamespacedPodAsync(@namespace, fieldSelector: $"metadata.name={name}", cancellationToken: cancellationToken);
        return pods.Items.FirstOrDefault(pod => pod.Metadata.Name == name) is { } pod ? Facts(SourceKind.Pod, name, null, null, [pod]) : null;
    }

    /// <summary>Of a claim: the Pods that mount it. It is the claim that makes them part of the source, not who made them.</summary>
    private async Task<WorkloadFacts> ClaimAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        var pods = await kubernetes.CoreV1.ListNamespacedPodAsync(@namespace, cancellationToken: cancellationToken);
        return Facts(SourceKind.PersistentVolumeClaim, name, null, null, pods.Items.Where(pod => ClaimsOf(pod.Spec).Contains(name))) with { Claims = [name], EphemeralClaims = [] };
    }

    private async Task<IEnumerable<V1Pod>> PodsAsync(string @namespace, string selector, HashSet<string> owners, CancellationToken cancellationToken)
    {
        var pods = await kubernetes.CoreV1.ListNamespacedPodAsync(@namespace, labelSelector: selector, cancellationToken: cancellationToken);
        return pods.Items.Where(pod => owners.Any(owner => IsControlled(pod.Metadata, owner)));
    }

    private static WorkloadFacts Facts(string kind, string name, V1ObjectMeta? metadata, V1PodTemplateSpec? template, IEnumerable<V1Pod> pods)
    {
        var own = pods.Where(pod => pod.Status?.Phase is not ("Succeeded" or "Failed")).OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal).ToList();
        var ephemeral = own.SelectMany(pod => (pod.Spec.Volumes ?? []).Where(volume => volume.Ephemeral is not null).Select(volume => $"{pod.Metadata.Name}-{volume.Name}")).ToList();
        return new WorkloadFacts
        {
            Kind = kind,
            Name = name,
            Annotations = Annotations(metadata),
            TemplateAnnotations = Annotations(template?.Metadata),
            Pods = own.ConvertAll(PodReader.Facts),
            Claims = [.. own.SelectMany(pod => ClaimsOf(pod.Spec)).Concat(ClaimsOf(template?.Spec)).Concat(ephemeral).Distinct().Order(StringComparer.Ordinal)],
            EphemeralClaims = ephemeral,
        };
    }

    private static Dictionary<string, string> Annotations(V1ObjectMeta? metadata) => metadata?.Annotations is { } annotations ? new(annotations) : [];

    private static IEnumerable<string> ClaimsOf(V1PodSpec? spec) => (spec?.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>();

    private static bool IsControlled(V1ObjectMeta metadata, string ownerUid) => metadata.OwnerReferences?.Any(owner => owner.Controller == true && owner.Uid == ownerUid) == true;

    private static bool IsOrdinal(string claim, string prefix) =>
        claim.StartsWith(prefix, StringComparison.Ordinal) && claim.Length > prefix.Length && claim.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;
}
