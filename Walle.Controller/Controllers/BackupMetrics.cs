using System.Diagnostics.Metrics;
using Walle.Controller.Informers;
using Walle.Controller.Pipeline;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Controllers;

/// <summary>Metrics of backups, computed at each scrape from what is in the objects' status, so that a restart changes nothing.</summary>
internal sealed class BackupMetrics
{
    private static readonly string[] Phases =
    [
        BackupPhase.Pending, BackupPhase.BeforeHooks, BackupPhase.Snapshotting, BackupPhase.AfterHooks, BackupPhase.Cloning, BackupPhase.Uploading, BackupPhase.CleaningUp,
        BackupPhase.Succeeded, BackupPhase.PartiallySucceeded, BackupPhase.Failed, BackupPhase.Cancelled,
    ];

    private readonly ILister<BackupJobProjection> _backupJobs;

    public BackupMetrics(Meter meter, ILister<BackupJobProjection> backupJobs)
    {
        _backupJobs = backupJobs;
        meter.CreateObservableGauge("walle_backup_jobs", JobsByPhase, description: "BackupJobs, by phase.");
        meter.CreateObservableGauge(
            "walle_pvc_last_complete_backup_timestamp_seconds",
            LastCompleteBackups,
            description: "When the data of the newest complete backup of a PersistentVolumeClaim was taken, as far as its BackupJobs still exist.");
    }

    /// <summary>With zeros: an alarm on "more than none" needs the series before the first failure.</summary>
    private IEnumerable<Measurement<int>> JobsByPhase()
    {
        var counts = Phases.ToDictionary(phase => phase, _ => 0);
        foreach (var job in _backupJobs.List())
        {
            var phase = job.Object.Status?.Phase ?? BackupPhase.Pending;
            counts[phase] = counts.GetValueOrDefault(phase) + 1;
        }

        return counts.Select(pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>("phase", pair.Key)));
    }

    private IEnumerable<Measurement<long>> LastCompleteBackups()
    {
        Dictionary<(string Namespace, string Claim), long> newest = [];
        foreach (var job in _backupJobs.List().Where(job => job.Object.Status?.IsTrue(ConditionTypes.Complete) == true))
        {
            foreach (var volume in job.Object.Status!.Volumes ?? [])
            {
                if (volume.SnapshotTime is not { } time)
                    continue;
                var key = (job.Name.Namespace, volume.ClaimName);
                newest[key] = Math.Max(newest.GetValueOrDefault(key), time.ToUnixTimeSeconds());
            }
        }

        return newest.Select(pair => new Measurement<long>(
            pair.Value,
            new KeyValuePair<string, object?>("namespace", pair.Key.Namespace),
            new KeyValuePair<string, object?>("persistentvolumeclaim", pair.Key.Claim)));
    }
}
