using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.GroupSnapshots;

/// <summary>
/// Whether the volumes of a workload are cut as one by a VolumeGroupSnapshot: where the server offers it, one driver has all of them and a class for
/// groups, and labels select exactly these claims. Otherwise side by side, and the status says why.
/// </summary>
internal static class GroupSnapshotChoice
{
    private const int FewestVolumes = 2;
    private const int MostNames = 8;

    /// <returns>Null when there is nothing to choose, or nothing to choose from.</returns>
    public static VolumeGroupSnapshotStatus? Choose(BackupObservation observation, IReadOnlyList<VolumeStatus> volumes)
    {
        var wanted = volumes.Where(volume => volume.Phase != BackupPhase.Skipped).ToList();
        if (observation.GroupSnapshots is not { } offer || wanted.Count < FewestVolumes)
            return null;
        var drivers = wanted.Select(volume => volume.Driver).Distinct().ToList();
        if (drivers is not [{ } driver])
            return Unused($"the volumes are of several drivers: {string.Join(", ", drivers)}");
        if (observation.Options.VolumeSnapshotClassName is { } named)
            return Unused($"options.volumeSnapshotClassName asks for snapshots of class {named}, one by one");
        var classes = offer.Classes.Where(candidate => candidate.Driver == driver).ToList();
        var defaults = classes.FindAll(candidate => candidate.IsDefault);
        if (defaults.Count != 1 && classes.Count != 1)
        {
            return Unused(classes.Count == 0
                ? $"no VolumeGroupSnapshotClass is of driver {driver}"
                : $"several VolumeGroupSnapshotClasses are of driver {driver}; mark one with: kubectl annotate volumegroupsnapshotclass {classes[0].Name} groupsnapshot.storage.kubernetes.io/is-default-class=true");
        }

        var claims = observation.Claims.Where(claim => claim.Claim is not null && wanted.Exists(volume => volume.ClaimName == claim.Name)).Select(claim => claim.Claim!).ToList();
        if (GroupSelector.Exactly(claims, observation.NamespaceClaims) is not { } labels)
        {
            var names = string.Join(' ', claims.Take(MostNames).Select(claim => claim.Name.Name)) + (claims.Count > MostNames ? " …" : "");
            return Unused($"no labels select exactly these PersistentVolumeClaims; give them one that no other has: kubectl -n {observation.Namespace} label pvc {names} backup-group={observation.ClaimName}");
        }

        return new VolumeGroupSnapshotStatus
        {
            Name = ResourceNames.GroupSnapshot(observation.Uid),
            ClassName = (defaults.Count == 1 ? defaults : classes)[0].Name,
            Version = offer.Version,
            MatchLabels = labels,
        };
    }

    private static VolumeGroupSnapshotStatus Unused(string why) => new() { Message = $"the volumes are snapshotted side by side: {why}" };
}
