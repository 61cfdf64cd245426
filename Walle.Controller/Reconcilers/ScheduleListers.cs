using Walle.Controller.Informers;
using Walle.Controller.Projections;

namespace Walle.Controller.Reconcilers;

/// <summary>The stores that a schedule's reconciler reads.</summary>
/// <param name="Workloads">By kind; null while a store is being filled for the first time.</param>
internal sealed record ScheduleListers(
    ILister<ScheduleProjection> Schedules, ILister<BackupJobProjection> BackupJobs, ILister<ClaimProjection> Claims, Func<string, ILister<WorkloadProjection>?> Workloads,
    ILister<JobProjection> Jobs);
