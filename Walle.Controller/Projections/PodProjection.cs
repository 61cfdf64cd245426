using Walle.Controller.Kubernetes;

namespace Walle.Controller.Projections;

/// <summary>A worker's Pod (only those labelled as Walle's are watched). Of its containers only the worker's is kept, or the first if none is called so.</summary>
internal sealed record PodProjection : IProjection
{
    /// <summary>Name of the container that Walle's own manifests define; others are injected sidecars.</summary>
    public const string WorkerContainer = "worker";

    public required NamespacedName Name { get; init; }
    public required string Uid { get; init; }
    public ulong ResourceVersion { get; init; }
    public string? OwnerUid { get; init; }

    /// <summary>UID of the Job that made it.</summary>
    public string? ControllerUid { get; init; }
    public bool Deleting { get; init; }
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Pending, Running, Succeeded, Failed or Unknown.</summary>
    public string? Phase { get; init; }

    /// <summary>Pod status.reason, such as Evicted.</summary>
    public string? Reason { get; init; }
    public string? Message { get; init; }

    /// <summary>Condition DisruptionTarget is True (Kubernetes 1.26 and newer).</summary>
    public bool Disrupted { get; init; }

    /// <summary>Message of condition PodScheduled while it is False.</summary>
    public string? UnschedulableMessage { get; init; }

    /// <summary>Why the container waits: ImagePullBackOff, CreateContainerConfigError and so on.</summary>
    public string? WaitingReason { get; init; }
    public string? WaitingMessage { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Null while the container has not terminated.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Reason of the termination: Completed, Error, OOMKilled and so on.</summary>
    public string? TerminatedReason { get; init; }

    /// <summary>The termination message: the worker's result.</summary>
    public string? TerminationMessage { get; init; }
}
