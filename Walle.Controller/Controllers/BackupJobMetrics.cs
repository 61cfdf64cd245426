using System.Diagnostics.Metrics;
using Walle.Controller.Informers;
using Walle.Controller.Projections;
using Walle.Crds.V1;

namespace Walle.Controller.Controllers;

/// <summary>
/// What the BackupJobs in the cluster say, computed from their status when it is asked for: right after a restart as before it. The age of the
/// newest complete backup is the one figure that an alert needs.
/// </summary>
internal sealed class BackupJobMetrics
{
    private readonly ILister<BackupJobProjection> _backupJobs;

    public BackupJobMetrics(Meter meter, ILister<BackupJobProjection> backupJobs)
    {
        _backupJobs = backupJobs;
        meter.CreateObservableGauge("walle_backupjobs", ByPhase, description: "BackupJobs, by phase.");
        meter.CreateObservableGauge("walle_pvc_last_complete_backup_timestamp_seconds", NewestComplete, description: "When the snapshot of the newest complete backup of a claim was cut.");
    }

    private IEnumerable<Measurement<long>> ByPhase() => _backupJobs.List()
        .CountBy(job => job.Object.Status?.Phase ?? BackupPhase.Pending)
        .Select(count => new Measurement<long>(count.Value, new KeyValuePair<string, object?>("phase", count.Key)));

    private IEnumerable<Measurement<long>> NewestComplete() => _backupJobs.List()
        .Where(job => job.Object.Status?.Phase is BackupPhase.Succeeded or BackupPhase.CleaningUp)
        .SelectMany(job => job.Object.Status!.Volumes ?? [], (job, volume) => (job.Name.Namespace, volume))
        .Where(backup => backup.volume is { ResticSnapshotId: not null, SnapshotTime: not null, UnreadableCount: null or 0 })
        .GroupBy(backup => (backup.Namespace, backup.volume.ClaimName))
        .Select(backups => new Measurement<long>(
            backups.Max(backup => backup.volume.SnapshotTime!.Value.ToUnixTimeSeconds()),
            new KeyValuePair<string, object?>("namespace", backups.Key.Namespace), new KeyValuePair<string, object?>("persistentvolumeclaim", backups.Key.ClaimName)));
}
