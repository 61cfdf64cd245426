using Walle.Controller.Kubernetes;

namespace Walle.Controller.Projections;

/// <summary>A worker's batch/v1 Job (only those labelled as Walle's are watched).</summary>
internal sealed record JobProjection : IProjection
{
    public required NamespacedName Name { get; init; }
    public required string Uid { get; init; }
    public ulong ResourceVersion { get; init; }
    public string? OwnerUid { get; init; }
    public string? ControllerUid { get; init; }

    /// <summary>Value of the label <c>ros.io/verb</c>.</summary>
    public string? Verb { get; init; }
    public bool Deleting { get; init; }
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>lastTransitionTime of the condition Complete or Failed that is True.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Condition Complete is True. Judged by conditions, never by counting pods.</summary>
    public bool Complete { get; init; }

    /// <summary>Condition Failed is True.</summary>
    public bool Failed { get; init; }

    /// <summary>Reason and message of condition Failed.</summary>
    public string? FailedReason { get; init; }
    public string? FailedMessage { get; init; }
}
