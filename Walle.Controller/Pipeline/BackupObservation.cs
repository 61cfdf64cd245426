using Walle.Controller.Pipeline.Slots;
using Walle.Controller.Projections;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Everything that a decision about a BackupJob depends on. What a step has no use for is left null by the gatherer.</summary>
internal sealed record BackupObservation : WorkObservation
{
    public required BackupJob Job { get; init; }

    /// <summary>The source claim; before acceptance from a live GET, later from the store.</summary>
    public ClaimProjection? Source { get; init; }

    /// <summary>CSI driver of the source's volume; null when it has none, or is not needed any more.</summary>
    public string? SourceDriver { get; init; }

    /// <summary>All VolumeSnapshotClasses, before acceptance; null when the cluster has no snapshot API.</summary>
    public IReadOnlyList<SnapshotClassFacts>? SnapshotClasses { get; init; }

    /// <summary>Asked for once the source is accepted.</summary>
    public SlotAnswer Slot { get; init; } = SlotAnswer.Given;

    /// <summary>Of a Pod that uses the source; asked for only while backups per node are limited.</summary>
    public string? SourceNode { get; init; }
    public SnapshotProjection? Snapshot { get; init; }
    public ClaimProjection? CloneClaim { get; init; }

    /// <summary>The clone's StorageClass binds when a Pod is scheduled (WaitForFirstConsumer).</summary>
    public bool CloneWaitsForConsumer { get; init; }

    public PreviousBackup? Previous { get; init; }

    /// <summary>When a BackupJob of the namespace first saved a snapshot through this Secret: a repository that is missing after that has vanished.</summary>
    public DateTimeOffset? RepositoryReachedAt { get; init; }

    public override CustomResource Owner => Job;

    public override string OwnerKind => ApiGroup.BackupJobKind;

    public override string SecretName => Job.Spec.Repository.SecretRef.Name;

    public override WorkerOptions? Worker => Options.Worker;

    public BackupOptions Options => Job.Spec.Options ?? DefaultOptions;

    public string ClaimName => Job.Spec.Source.Name;

    private static readonly BackupOptions DefaultOptions = new();
}
