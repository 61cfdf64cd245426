using Walle.Controller.Informers;
using Walle.Controller.Projections;

namespace Walle.Controller.Reconcilers;

/// <summary>The stores that a BackupJob is reconciled from.</summary>
internal sealed record BackupListers(
    ILister<BackupJobProjection> BackupJobs,
    ILister<ClaimProjection> Claims,
    ILister<SnapshotProjection> Snapshots,
    ILister<JobProjection> Jobs);
