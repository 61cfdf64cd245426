using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;
using Walle.Crds;

namespace Walle.Controller.Controllers;

/// <summary>
/// Which BackupJob an event wakes up. Handlers run in an informer's pump: they only put a name into the queue. A child is led to its BackupJob by
/// the UID in its label, since names may be longer than a label.
/// </summary>
internal sealed class BackupJobHandlers(IWorkQueue<ReconcileRequest> queue, ILister<BackupJobProjection> backupJobs)
{
    public static void Register(ClusterInformers informers, IWorkQueue<ReconcileRequest> queue)
    {
        var handlers = new BackupJobHandlers(queue, informers.BackupJobs);
        informers.BackupJobs.AddHandler((before, after) => handlers.Enqueue((after ?? before)!.Name));
        informers.Jobs.AddHandler((before, after) => handlers.EnqueueOwner((after ?? before)!.OwnerUid));
        informers.Pods.AddHandler((before, after) => handlers.EnqueueOwner((after ?? before)!.OwnerUid));
        informers.Snapshots.AddHandler((before, after) => handlers.EnqueueOwner((after ?? before)!.OwnerUid));
        informers.Claims.AddHandler(handlers.EnqueueClaim);
    }

    private void Enqueue(NamespacedName name) => queue.Add(new ReconcileRequest(ApiGroup.BackupJobKind, name));

    private void EnqueueOwner(string? ownerUid)
    {
        if (ownerUid is null)
            return;
        foreach (var owner in backupJobs.ByIndex(IndexNames.Uid, ownerUid))
            Enqueue(owner.Name);
    }

    /// <summary>Our own clone, or a source that somebody waits for.</summary>
    private void EnqueueClaim(ClaimProjection? before, ClaimProjection? after)
    {
        var claim = (after ?? before)!;
        if (claim.OwnerUid is not null)
        {
            EnqueueOwner(claim.OwnerUid);
            return;
        }

        if (before?.Phase == after?.Phase && before?.Deleting == after?.Deleting)
            return;
        foreach (var job in backupJobs.ByIndex(IndexNames.Source, IndexNames.SourceKey(Crds.V1.SourceKind.PersistentVolumeClaim, claim.Name.Namespace, claim.Name.Name)))
            Enqueue(job.Name);
    }
}
