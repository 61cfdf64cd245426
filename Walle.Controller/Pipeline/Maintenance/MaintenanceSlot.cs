using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline.Restore;
using Walle.Controller.Pipeline.Slots;
using Walle.Controller.Projections;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>Who wants or has a repository for itself, or keeps others from that: read from status alone, so that it survives a restart.</summary>
internal static class MaintenanceSlot
{
    /// <summary>What has begun and has not ended; or null.</summary>
    public static SlotRequest? Held(BackupSchedule schedule) =>
        MaintenanceRuns.UnderWay(schedule.Status) is { Status: { StartedAt: not null } run } ? Request(schedule, run) : null;

    public static bool Waits(BackupSchedule schedule) => MaintenanceRuns.UnderWay(schedule.Status) is { Status.StartedAt: null };

    /// <summary>In the queue since it began to wait, not since it was due: a prune that makes up for a missed time comes after what is there already.</summary>
    public static SlotRequest Request(BackupSchedule schedule, MaintenanceStatus run) => new(
        schedule.Metadata.Uid ?? "", Name(schedule.Metadata), run.WaitingSince ?? DateTimeOffset.MaxValue, RepositoryKey.Of(schedule.Metadata.Namespace, schedule.Spec.Repository), [], [])
    {
        Exclusive = true,
    };

    /// <summary>A restore that may have a worker; or null.</summary>
    public static SlotRequest? Restoring(RestoreJob job) =>
        job.Status is { StartTime: { } start } status && !RestoreResult.IsKnown(status)
            ? new SlotRequest(job.Metadata.Uid ?? "", Name(job.Metadata), start, RepositoryKey.Of(job.Metadata.Namespace, job.Spec.Repository), [], []) { IsRestore = true }
            : null;

    private static NamespacedName Name(Crds.ObjectMeta metadata) => new(metadata.Namespace ?? "", metadata.Name ?? "");
}
