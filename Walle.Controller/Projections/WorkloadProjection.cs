using Walle.Controller.Kubernetes;

namespace Walle.Controller.Projections;

/// <summary>A Pod, Deployment, StatefulSet or DaemonSet as a source of claims: which ones its Pods mount.</summary>
internal sealed record WorkloadProjection : IProjection
{
    public required NamespacedName Name { get; init; }
    public required string Uid { get; init; }
    public ulong ResourceVersion { get; init; }

    /// <summary>UID of what made it: that of a ReplicaSet for a Pod of a Deployment, for example.</summary>
    public string? ControllerUid { get; init; }
    public bool Deleting { get; init; }

    /// <summary>Annotation <c>ros.io/backup: "false"</c>, on the workload or its Pod template.</summary>
    public bool OptedOut { get; init; }

    /// <summary>Annotation <c>ros.io/backup-command</c>: it is worth a backup even if it mounts no claim.</summary>
    public bool HasBackupCommand { get; init; }

    /// <summary>A Pod that has ended (Succeeded or Failed).</summary>
    public bool Ended { get; init; }

    /// <summary>Claims that the Pod, or the Pod template, names in spec.volumes.</summary>
    public IReadOnlyList<string> ClaimNames { get; init; } = [];

    /// <summary>Names in spec.volumeClaimTemplates of a StatefulSet: its claims are called template-set-ordinal.</summary>
    public IReadOnlyList<string> ClaimTemplates { get; init; } = [];

    /// <summary>Sorted by key.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];
}
