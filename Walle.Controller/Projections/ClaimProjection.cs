using System.Diagnostics.CodeAnalysis;
using Walle.Controller.Kubernetes;

namespace Walle.Controller.Projections;

/// <summary>A PersistentVolumeClaim. All claims of a cluster are kept, so its fields are as small as they can be.</summary>
internal sealed record ClaimProjection : IProjection
{
    /// <summary>What provisioners put before the claim's UID to name the volume: such a name need not be kept.</summary>
    public const string ProvisionedPrefix = "pvc-";

    private readonly CompactUid _uid;
    private readonly string? _volumeName;
    private readonly bool _isVolumeNamedByUid;

    public ClaimProjection()
    {
    }

    /// <param name="isVolumeNamedByUid">The volume's name is the prefix and the claim's UID; <paramref name="volumeName"/> is then not kept.</param>
    [SetsRequiredMembers]
#pragma warning disable CS8618 // Uid has no field of its own: it is made from _uid, which is set.
    public ClaimProjection(NamespacedName name, CompactUid uid, string? volumeName, bool isVolumeNamedByUid) =>
        (Name, _uid, _volumeName, _isVolumeNamedByUid) = (name, uid, isVolumeNamedByUid ? null : volumeName, isVolumeNamedByUid);
#pragma warning restore CS8618

    public required NamespacedName Name { get; init; }

    /// <summary>Made anew at each call.</summary>
    public required string Uid
    {
        get => _uid.ToString();
        init => _uid = new CompactUid(value);
    }

    public ulong ResourceVersion { get; init; }

    /// <summary>Value of the label <c>ros.io/owner-uid</c>, or null: set on Walle's own claims only.</summary>
    public string? OwnerUid { get; init; }

    /// <summary>UID in the controller ownerReference, or null.</summary>
    public string? ControllerUid { get; init; }
    public bool Deleting { get; init; }

    /// <summary>Annotation <c>ros.io/backup: "false"</c>: no schedule backs it up.</summary>
    public bool OptedOut { get; init; }

    /// <summary>Pending, Bound or Lost.</summary>
    public string? Phase { get; init; }

    /// <summary>Filesystem (also when unset) or Block.</summary>
    public string? VolumeMode { get; init; }
    public string? StorageClassName { get; init; }

    public string? VolumeName
    {
        get => _isVolumeNamedByUid ? ProvisionedPrefix + Uid : _volumeName;
        init => (_volumeName, _isVolumeNamedByUid) = (value, false);
    }

    /// <summary>spec.resources.requests.storage, as written.</summary>
    public string? RequestedSize { get; init; }

    /// <summary>Of a claim that was read by itself; the store does not keep them.</summary>
    public IReadOnlyList<string>? AccessModes { get; init; }

    /// <summary>Sorted by key.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];
}
