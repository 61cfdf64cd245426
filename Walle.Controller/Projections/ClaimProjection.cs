using Walle.Controller.Kubernetes;

namespace Walle.Controller.Projections;

/// <summary>A PersistentVolumeClaim.</summary>
internal sealed record ClaimProjection : IProjection
{
    public required NamespacedName Name { get; init; }
    public required string Uid { get; init; }
    public ulong ResourceVersion { get; init; }

    /// <summary>Value of the label <c>ros.io/owner-uid</c>, or null: set on Walle's own claims only.</summary>
    public string? OwnerUid { get; init; }

    /// <summary>UID in the controller ownerReference, or null.</summary>
    public string? ControllerUid { get; init; }
    public bool Deleting { get; init; }

    /// <summary>Pending, Bound or Lost.</summary>
    public string? Phase { get; init; }

    /// <summary>Filesystem (also when unset) or Block.</summary>
    public string? VolumeMode { get; init; }
    public string? StorageClassName { get; init; }
    public string? VolumeName { get; init; }

    /// <summary>spec.resources.requests.storage, as written.</summary>
    public string? RequestedSize { get; init; }

    /// <summary>Sorted by key.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];
}
