using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>The class of a VolumeSnapshot: the one it names, else the default of the volume's driver, which is then written into its spec.</summary>
internal sealed class SnapshotClassResolver(StorageObjects objects)
{
    public async Task<VolumeSnapshot> ResolveAsync(VolumeSnapshot snapshot, CancellationToken cancel)
    {
        if (snapshot.Spec.Source.PersistentVolumeClaimName is null || GroupMembers.IsMember(snapshot))
            return snapshot;
        if (snapshot.Spec.VolumeSnapshotClassName is { } name)
        {
            if (objects.SnapshotClasses.Get(null, name) is null)
                throw new SnapshotException("GetSnapshotClassFailed", $"Failed to get snapshot class with error volumesnapshotclass.snapshot.storage.k8s.io \"{name}\" not found");
            return snapshot;
        }

        var driver = SourceVolume(snapshot, Refuse).Spec.Csi?.Driver
            ?? throw Refuse($"snapshotting non-CSI volumes is not supported, snapshot:{SnapshotNames.Key(snapshot)}");
        var defaults = objects.SnapshotClasses.All.Where(known => known.Driver == driver && IsDefault(known)).ToList();
        if (defaults.Count == 0)
            throw Refuse("cannot find default snapshot class");
        if (defaults.Count > 1)
            throw Refuse(string.Create(CultureInfo.InvariantCulture, $"{defaults.Count} default snapshot classes were found"));
        var patch = new JsonObject { ["spec"] = new JsonObject { ["volumeSnapshotClassName"] = defaults[0].Metadata.Name } };
        return await objects.SnapshotWriter.PatchAsync(snapshot, patch, cancel);
    }

    /// <summary>The PersistentVolume behind the source PVC, or why it cannot be snapshotted.</summary>
    public V1PersistentVolume SourceVolume(VolumeSnapshot snapshot, Func<string, Exception> refuse)
    {
        var name = snapshot.Spec.Source.PersistentVolumeClaimName;
        var claim = objects.Claims.Get(snapshot.Metadata.NamespaceProperty, name)
            ?? throw refuse($"failed to retrieve PVC {name} from the lister: \"persistentvolumeclaim \\\"{name}\\\" not found\"");
        if (claim.Status?.Phase != "Bound")
            throw refuse($"the PVC {name} is not yet bound to a PV, will not attempt to take a snapshot");
        var volume = objects.Volumes.Get(null, claim.Spec.VolumeName)
            ?? throw refuse($"failed to retrieve PV {claim.Spec.VolumeName} from the API server: \"persistentvolumes \\\"{claim.Spec.VolumeName}\\\" not found\"");
        if (volume.Spec.ClaimRef?.Uid != claim.Metadata.Uid)
            throw refuse("claim in dataSource not bound or invalid");
        return volume;
    }

    private static SnapshotException Refuse(string why) => new("SetDefaultSnapshotClassFailed", "Failed to set default snapshot class with error " + why);

    private static bool IsDefault(VolumeSnapshotClass known) =>
        known.Metadata.Annotations?.TryGetValue(StorageNames.DefaultClassAnnotation, out var value) == true && value == "true";
}
