namespace Walle.Controller.Informers;

/// <summary>Names of the indexes; which informer has which stands in <see cref="ClusterInformers"/>.</summary>
internal static class IndexNames
{
    /// <summary>Label <c>ros.io/owner-uid</c>: the UID of the BackupJob that a Job, Pod, VolumeSnapshot or claim was made for.</summary>
    public const string OwnerUid = "owner-uid";

    /// <summary>BackupJobs by the source they back up: <see cref="SourceKey"/>.</summary>
    public const string Source = "source";

    /// <param name="kind">As in spec.source.kind.</param>
    public static string SourceKey(string kind, string ns, string name) => $"{kind}/{ns}/{name}";

    /// <summary>BackupJobs by <c>namespace/secret</c> of their repository.</summary>
    public const string Repository = "repository";

    /// <summary>BackupJobs and BackupSchedules by their own UID: what a child's label or owner leads to.</summary>
    public const string Uid = "uid";

    /// <summary>BackupJobs by the UID of the BackupSchedule that owns them.</summary>
    public const string Schedule = "schedule";

    /// <summary>Claims, schedules, Pods and workloads by their namespace.</summary>
    public const string Namespace = "namespace";

    /// <summary>RestoreJobs by <c>namespace/claim</c> of their target.</summary>
    public const string Target = "target";
}
