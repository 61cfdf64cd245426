using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Walle.Controller.Informers;
using Walle.Controller.Pipeline;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;
using Walle.Crds;

namespace Walle.Controller.Reconcilers;

/// <summary>
/// The Pods of an object's workers. Jobs and Pods come over watches of their own, and either may be behind the other: a Job that has ended, and whose Pod is
/// not in the store or still runs there, would look like one that left no result. So then the Pods are read live.
/// </summary>
internal sealed class WorkerPods(IKubernetes kubernetes, ILister<PodProjection> store)
{
    /// <summary>As far as the store knows them. Of the object's own namespace only: anybody may write the label on an object of another one.</summary>
    public IReadOnlyList<PodProjection> Known(string ns, string ownerUid) => [.. store.ByIndex(IndexNames.OwnerUid, ownerUid).Where(pod => pod.Name.Namespace == ns)];

    public async Task<IReadOnlyList<PodProjection>> ReadAsync(string ns, string ownerUid, IReadOnlyList<JobProjection> jobs, CancellationToken cancellationToken)
    {
        var known = Known(ns, ownerUid);
        if (jobs.All(job => job.Deleting || !(job.Complete || job.Failed) || known.Any(pod => pod.ControllerUid == job.Uid && !WorkerOutcome.IsAlive(pod))))
            return known;
        var live = await kubernetes.CoreV1.ListNamespacedPodAsync(ns, labelSelector: $"{WellKnown.ManagedBySelector},{WellKnown.OwnerUidLabel}={ownerUid}", cancellationToken: cancellationToken);
        return [.. live.Items.Select(Project).OfType<PodProjection>()];
    }

    private static PodProjection? Project(V1Pod pod)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(pod)));
        reader.Read();
        return new PodDecoder().Decode(ref reader, new DecodeContext());
    }
}
