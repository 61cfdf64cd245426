namespace Walle.Crds.Conditions;

/// <summary>The condition types of Walle's kinds. Conditions are the truth; a phase is a display value derived from them.</summary>
public static class ConditionTypes
{
    /// <summary>The spec is valid and its source can be backed up.</summary>
    public const string Accepted = "Accepted";

    /// <summary>All hooks have been run; absent when there are none.</summary>
    public const string HooksCompleted = "HooksCompleted";

    /// <summary>A slot has been given: the limits of the controller let the run begin (as a Workload's Admitted in Kueue).</summary>
    public const string Admitted = "Admitted";

    /// <summary>Of a BackupSchedule: it starts runs, and the last of them succeeded.</summary>
    public const string Ready = "Ready";

    /// <summary>Of a BackupSchedule with spec.rpo: every claim has a complete backup that is young enough.</summary>
    public const string WithinRPO = "WithinRPO";

    /// <summary>Of a BackupSchedule: the last check found no damage. While it is False nothing is forgotten or pruned; backups go on.</summary>
    public const string RepositoryHealthy = "RepositoryHealthy";

    /// <summary>The VolumeSnapshot of every volume is ready to use.</summary>
    public const string SnapshotReady = "SnapshotReady";

    /// <summary>The temporary PersistentVolumeClaim made from the snapshot is bound (or waits for its worker, with WaitForFirstConsumer).</summary>
    public const string CloneBound = "CloneBound";

    /// <summary>restic saved the snapshot.</summary>
    public const string Uploaded = "Uploaded";

    /// <summary>The snapshot that is restored has been found.</summary>
    public const string SnapshotChosen = "SnapshotChosen";

    /// <summary>The target of a restore is bound (or waits for its worker, with WaitForFirstConsumer), and nobody else uses it.</summary>
    public const string TargetReady = "TargetReady";

    /// <summary>restic restored everything.</summary>
    public const string Restored = "Restored";

    /// <summary>No temporary object is left.</summary>
    public const string CleanedUp = "CleanedUp";

    /// <summary>As on a Kubernetes Job: True only for a whole success.</summary>
    public const string Complete = "Complete";

    /// <summary>As on a Kubernetes Job: True for failed, partly succeeded and cancelled runs.</summary>
    public const string Failed = "Failed";
}
