namespace Walle.Crds;

/// <summary>Names of labels, annotations, the finalizer and the field manager that Walle writes on Kubernetes objects.</summary>
public static class WellKnown
{
    public const string FieldManager = "walle-controller";

    /// <summary>Released within 10 minutes whatever happens: it exists only to stop a worker and to run pending after-hooks.</summary>
    public const string Finalizer = ApiGroup.Name + "/cleanup";

    public const string ManagedByLabel = "app.kubernetes.io/managed-by";
    public const string ManagedByValue = "walle";
    public const string ManagedBySelector = ManagedByLabel + "=" + ManagedByValue;

    /// <summary>UID of the BackupJob that owns the object: what children are found by, since a name may be longer than a label may be.</summary>
    public const string OwnerUidLabel = ApiGroup.Name + "/owner-uid";

    /// <summary>What a worker Job does: a verb of <see cref="Contracts.WorkerVerb"/>.</summary>
    public const string VerbLabel = ApiGroup.Name + "/verb";

    /// <summary>The BackupSchedule that made a BackupJob.</summary>
    public const string ScheduleLabel = ApiGroup.Name + "/schedule";

    /// <summary>On a BackupSchedule: a time as in RFC 3339; each new value is one run now, and is then told in status.lastRunNow.</summary>
    public const string RunNowAnnotation = ApiGroup.Name + "/run-now";

    /// <summary>On a BackupSchedule: as <see cref="RunNowAnnotation"/>, for spec.prune; told in status.lastPrune.runNow.</summary>
    public const string PruneNowAnnotation = ApiGroup.Name + "/prune-now";

    /// <summary>On a BackupSchedule: as <see cref="RunNowAnnotation"/>, for spec.check; told in status.lastCheck.runNow.</summary>
    public const string CheckNowAnnotation = ApiGroup.Name + "/check-now";

    /// <summary>On a BackupSchedule whose prune is blocked: a time as in RFC 3339, after that prune. The next prune, and only that, forgets although minKeep says no.</summary>
    public const string ReleasePruneAnnotation = ApiGroup.Name + "/release-prune";

    /// <summary>On a BackupJob that a schedule made: the time of the schedule (RFC 3339) that it was made for.</summary>
    public const string ScheduledForAnnotation = ApiGroup.Name + "/scheduled-for";

    /// <summary>On a claim that a RestoreJob made: its UID. No other RestoreJob takes the claim for its own.</summary>
    public const string RestoreUidAnnotation = ApiGroup.Name + "/restore-uid";

    /// <summary>On a claim that a RestoreJob made: the restic snapshot that it was made for.</summary>
    public const string RestoredFromAnnotation = ApiGroup.Name + "/restored-from";

    /// <summary>Name of the BackupJob, for people: an annotation, as names may be longer than labels.</summary>
    public const string OwnerNameAnnotation = ApiGroup.Name + "/owner";

    /// <summary>The ServiceAccount that dump workers run as: made by the namespace's administrator (manifests/hooks).</summary>
    public const string DumpServiceAccount = "walle-dump";

    /// <summary>The ClusterRole that allows exec; bound namespace by namespace, never for the whole cluster.</summary>
    public const string HooksClusterRole = "walle-hooks";
}
