using Walle.Controller.Pipeline.GroupSnapshots;
using Walle.Controller.Pipeline.Hooks;
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
    public override string? RepositoryClaim => Job.Spec.Repository.Volume?.ClaimName;

    public override WorkerOptions? Worker => Options.Worker;

    /// <summary>Of one volume or dump of a workload: which, for names. Null: the BackupJob has one volume, and the observation is of the whole.</summary>
    public string? Volume { get; init; }

    /// <summary>Of a workload: one observation for each volume and dump, as if it were a BackupJob of its own (<see cref="VolumeViews"/>).</summary>
    public IReadOnlyList<BackupObservation> Parts { get; init; } = [];

    /// <summary>The workload as it is now; before acceptance.</summary>
    public WorkloadFacts? Workload { get; init; }

    /// <summary>The workload's claims; before acceptance.</summary>
    public IReadOnlyList<SourceClaim> Claims { get; init; } = [];

    /// <summary>All claims of the namespace; before acceptance, where groups are offered.</summary>
    public IReadOnlyList<ClaimProjection> NamespaceClaims { get; init; } = [];

    /// <summary>Before acceptance; null when the server has no API for them, or there is no group.</summary>
    public GroupSnapshotOffer? GroupSnapshots { get; init; }

    /// <summary>The VolumeGroupSnapshot by the name of ours.</summary>
    public GroupSnapshotFacts? Group { get; init; }

    /// <summary>What the annotations come to; null when nothing asks for it now.</summary>
    public HookPlan? Plan { get; init; }

    /// <summary>Hooks that this run of the controller has started, by <see cref="HookRun.Key"/>; null while one is running.</summary>
    public IReadOnlyDictionary<string, HookResult?> HookRuns { get; init; } = new Dictionary<string, HookResult?>();

    /// <summary>Which run of the controller this is: hooks of another one are known from the status only.</summary>
    public string Instance { get; init; } = "";

    public bool IsWorkload => Job.Spec.Source.Kind is not (null or SourceKind.PersistentVolumeClaim);

    /// <summary>A part that is a dump: it has a worker, and neither snapshot nor clone.</summary>
    public override bool RunsCommand => IsDump;

    public bool IsDump => Volume?.StartsWith(VolumeViews.DumpPrefix, StringComparison.Ordinal) == true;

    public BackupOptions Options => Job.Spec.Options ?? DefaultOptions;

    public string ClaimName => Job.Spec.Source.Name;

    private static readonly BackupOptions DefaultOptions = new();
}
