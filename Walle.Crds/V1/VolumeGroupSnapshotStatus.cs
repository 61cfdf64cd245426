using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>How the volumes of a workload are snapshotted as one.</summary>
public sealed record VolumeGroupSnapshotStatus
{
    [Description("Name of the VolumeGroupSnapshot. Without one the volumes are snapshotted side by side; message says why."), MaxLength(253)]
    public string? Name { get; init; }

    [Description("UID of the VolumeGroupSnapshot: it owns the VolumeSnapshots of the volumes."), MaxLength(64)]
    public string? Uid { get; init; }

    [Description("VolumeGroupSnapshotClass used."), MaxLength(253)]
    public string? ClassName { get; init; }

    [Description("Version of groupsnapshot.storage.k8s.io that the server offers."), MaxLength(32)]
    public string? Version { get; init; }

    [Description("Labels that these PersistentVolumeClaims have in common, and no other one of the namespace has."), MaxLength(16), ItemLimits(MaxLength = 63)]
    public Dictionary<string, string>? MatchLabels { get; init; }

    [Description("Why no VolumeGroupSnapshot is used although the server offers them, and what to do about it."), MaxLength(4096)]
    public string? Message { get; init; }
}
