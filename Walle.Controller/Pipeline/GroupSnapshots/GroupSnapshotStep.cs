using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.GroupSnapshots;

/// <summary>A volume whose VolumeSnapshot the snapshot controller makes, as a member of a VolumeGroupSnapshot, instead of Walle.</summary>
internal static class GroupSnapshotStep
{
    /// <summary>Neither groups nor their members are watched, since hardly any cluster has them: they are looked at. An application may be held meanwhile.</summary>
    private static readonly TimeSpan LookForCut = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookForReady = TimeSpan.FromSeconds(2);

    public static bool IsUsed(BackupJobStatus status) => status.VolumeGroupSnapshot?.Name is not null;

    /// <summary>All volumes of the group are cut, whether or not their VolumeSnapshots can be seen yet.</summary>
    public static bool IsCut(BackupObservation observation) =>
        observation.Group is { CreationTime: not null } group && group.ControllerUid == observation.Uid;

    /// <summary>When to look again.</summary>
    public static TimeSpan Look(BackupObservation observation, Deadline deadline)
    {
        var look = IsCut(observation) ? LookForReady : LookForCut;
        return deadline.Remaining < look ? deadline.Remaining : look;
    }

    /// <summary>The UID by which its members are known is noted as soon as it is seen.</summary>
    public static BackupJobStatus Note(BackupObservation observation, BackupJobStatus status) =>
        observation.Group is { } group && group.ControllerUid == observation.Uid && status.VolumeGroupSnapshot is { } noted && noted.Uid != group.Uid
            ? status with { VolumeGroupSnapshot = noted with { Uid = group.Uid } }
            : status;

    /// <summary>Why a volume has no VolumeSnapshot yet, although the group is there.</summary>
    public static string Describe(BackupObservation observation, GroupSnapshotFacts group) => group switch
    {
        { ErrorMessage: { } error } => $"VolumeGroupSnapshot {group.Name} is not ready; its driver says: {error}",
        { BoundContentName: null } => $"VolumeGroupSnapshot {group.Name} is not ready: no snapshot controller has taken it up; check that it runs with the feature gate CSIVolumeGroupSnapshot",
        { CreationTime: null } => $"VolumeGroupSnapshot {group.Name} is not ready; see: kubectl describe volumegroupsnapshotcontent {group.BoundContentName}",
        _ => $"VolumeGroupSnapshot {group.Name} was cut, and has no VolumeSnapshot of PersistentVolumeClaim {observation.ClaimName}; see: kubectl -n {observation.Namespace} get volumesnapshot",
    };

    public static string Foreign(BackupObservation observation, GroupSnapshotFacts group) =>
        $"VolumeGroupSnapshot {group.Name} exists and is not of this BackupJob; look at it with: kubectl -n {observation.Namespace} get volumegroupsnapshot {group.Name} -o yaml";
}
