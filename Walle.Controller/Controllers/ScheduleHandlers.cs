using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Projections;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;
using Walle.Crds;

namespace Walle.Controller.Controllers;

/// <summary>Which BackupSchedule an event wakes up: its own, that of one of its BackupJobs, and whatever changes what it selects.</summary>
internal sealed class ScheduleHandlers(IWorkQueue<ReconcileRequest> queue, ILister<ScheduleProjection> schedules)
{
    public static void Register(ClusterInformers informers, IWorkQueue<ReconcileRequest> queue)
    {
        var handlers = new ScheduleHandlers(queue, informers.Schedules);
        informers.Schedules.AddHandler((before, after) => handlers.Enqueue((after ?? before)!.Name));
        informers.BackupJobs.AddHandler(handlers.EnqueueOwner);
        informers.Jobs.AddHandler((before, after) => handlers.EnqueueUid((after ?? before)!.OwnerUid));
        informers.Pods.AddHandler((before, after) => handlers.EnqueueUid((after ?? before)!.OwnerUid));
        informers.Claims.AddHandler(handlers.EnqueueForClaim);
        foreach (var workloads in informers.Workloads.Values)
            workloads.AddHandler(handlers.EnqueueForWorkload);
    }

    private void Enqueue(NamespacedName name) => queue.Add(new ReconcileRequest(ApiGroup.BackupScheduleKind, name));

    /// <summary>Not on each step of a BackupJob: a schedule counts beginnings and ends. One made by hand may have backed up a claim of any schedule.</summary>
    private void EnqueueOwner(BackupJobProjection? before, BackupJobProjection? after)
    {
        if (before is not null && after is not null && before.Uid == after.Uid && IsKnown(before) == IsKnown(after) && IsDeleting(before) == IsDeleting(after) && IsOver(before) == IsOver(after))
            return;

        var job = (after ?? before)!;
        if (job.ScheduleUid is { } owner)
        {
            foreach (var schedule in schedules.ByIndex(IndexNames.Uid, owner))
                Enqueue(schedule.Name);
        }
        else if (after is not null && IsKnown(after))
        {
            EnqueueNamespace(job.Name.Namespace);
        }
    }

    /// <summary>A worker for the repository as a whole.</summary>
    private void EnqueueUid(string? ownerUid)
    {
        if (ownerUid is null)
            return;
        foreach (var schedule in schedules.ByIndex(IndexNames.Uid, ownerUid))
            Enqueue(schedule.Name);
    }

    private void EnqueueForClaim(ClaimProjection? before, ClaimProjection? after)
    {
        if ((after ?? before)!.OwnerUid is null && !IsSame(before, after))
            EnqueueNamespace((after ?? before)!.Name.Namespace);
    }

    private void EnqueueForWorkload(WorkloadProjection? before, WorkloadProjection? after)
    {
        if (!IsSame(before, after))
            EnqueueNamespace((after ?? before)!.Name.Namespace);
    }

    private void EnqueueNamespace(string name)
    {
        foreach (var schedule in schedules.ByIndex(IndexNames.Namespace, name))
            Enqueue(schedule.Name);
    }

    /// <summary>Same for a selection: most changes of a claim or a Pod are not.</summary>
    private static bool IsSame(ClaimProjection? before, ClaimProjection? after) =>
        before is not null && after is not null && before.Uid == after.Uid && before.Phase == after.Phase && before.Deleting == after.Deleting && before.OptedOut == after.OptedOut
        && before.StorageClassName == after.StorageClassName && before.Labels.SequenceEqual(after.Labels);

    private static bool IsSame(WorkloadProjection? before, WorkloadProjection? after) =>
        before is not null && after is not null && before.Uid == after.Uid && before.Deleting == after.Deleting && before.OptedOut == after.OptedOut && before.Ended == after.Ended
        && before.HasBackupCommand == after.HasBackupCommand && before.ClaimNames.SequenceEqual(after.ClaimNames) && before.ClaimTemplates.SequenceEqual(after.ClaimTemplates)
        && before.Labels.SequenceEqual(after.Labels);

    private static bool IsKnown(BackupJobProjection job) => job.Object.Status is { } status && BackupResult.IsKnown(status);

    private static bool IsOver(BackupJobProjection job) => job.Object.Status is { } status && BackupResult.IsOver(status);

    private static bool IsDeleting(BackupJobProjection job) => job.Object.Metadata.DeletionTimestamp is not null;
}
