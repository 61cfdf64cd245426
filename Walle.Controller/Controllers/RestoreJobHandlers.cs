using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;
using Walle.Crds;

namespace Walle.Controller.Controllers;

/// <summary>Which RestoreJob an event wakes up: its own, that of a worker, and a change of the claim that it restores into.</summary>
internal sealed class RestoreJobHandlers(IWorkQueue<ReconcileRequest> queue, ILister<RestoreJobProjection> restoreJobs)
{
    public static void Register(ClusterInformers informers, IWorkQueue<ReconcileRequest> queue)
    {
        var handlers = new RestoreJobHandlers(queue, informers.RestoreJobs);
        informers.RestoreJobs.AddHandler((before, after) => handlers.Enqueue((after ?? before)!.Name));
        informers.Jobs.AddHandler((before, after) => handlers.EnqueueOwner((after ?? before)!.OwnerUid));
        informers.Pods.AddHandler((before, after) => handlers.EnqueueOwner((after ?? before)!.OwnerUid));
        informers.Claims.AddHandler(handlers.EnqueueTarget);
    }

    private void Enqueue(NamespacedName name) => queue.Add(new ReconcileRequest(ApiGroup.RestoreJobKind, name));

    private void EnqueueOwner(string? ownerUid)
    {
        if (ownerUid is null)
            return;
        foreach (var owner in restoreJobs.ByIndex(IndexNames.Uid, ownerUid))
            Enqueue(owner.Name);
    }

    private void EnqueueTarget(ClaimProjection? before, ClaimProjection? after)
    {
        if (before is not null && after is not null && before.Phase == after.Phase && before.Deleting == after.Deleting)
            return;
        var claim = (after ?? before)!.Name;
        foreach (var job in restoreJobs.ByIndex(IndexNames.Target, $"{claim.Namespace}/{claim.Name}"))
            Enqueue(job.Name);
    }
}
