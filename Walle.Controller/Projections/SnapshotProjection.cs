using Walle.Controller.Kubernetes;

namespace Walle.Controller.Projections;

/// <summary>A VolumeSnapshot (snapshot.storage.k8s.io/v1). status.error is not final: a driver may recover and clear it.</summary>
internal sealed record SnapshotProjection : IProjection
{
    public required NamespacedName Name { get; init; }
    public required string Uid { get; init; }
    public ulong ResourceVersion { get; init; }
    public string? OwnerUid { get; init; }
    public string? ControllerUid { get; init; }
    public bool Deleting { get; init; }

    /// <summary>When the driver cut the snapshot: earlier than ready.</summary>
    public DateTimeOffset? CreationTime { get; init; }
    public bool ReadyToUse { get; init; }

    /// <summary>Smallest size of a volume made from it, as a quantity; null when the driver does not say.</summary>
    public string? RestoreSize { get; init; }
    public string? ErrorMessage { get; init; }
    public string? BoundContentName { get; init; }
}
