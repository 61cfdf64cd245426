using Walle.Controller.Pipeline.Hooks;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Restore;

/// <summary>Everything that a decision about a RestoreJob depends on. What a step has no use for is left null by the gatherer.</summary>
internal sealed record RestoreObservation : WorkObservation
{
    public required RestoreJob Job { get; init; }

    /// <summary>The target, from a live GET; null when it does not exist.</summary>
    public TargetFacts? Target { get; init; }

    /// <summary>A Pod that mounts the target or is about to; looked for before a worker is made.</summary>
    public TargetUser? TargetUser { get; init; }

    /// <summary>The StorageClass of the claim to make is not there; looked for before the claim is made.</summary>
    public bool StorageClassIsMissing { get; init; }

    /// <summary>The target's StorageClass binds when a Pod is scheduled (WaitForFirstConsumer).</summary>
    public bool TargetWaitsForConsumer { get; init; }

    /// <summary>With target.exec: where the command runs; looked for before it is accepted, and before a worker is made.</summary>
    public RestoreCommandPlan? Command { get; init; }

    public override bool RunsCommand => Job.Spec.Target.Exec is not null;

    public override CustomResource Owner => Job;

    public override string OwnerKind => ApiGroup.RestoreJobKind;

    public override string SecretName => Job.Spec.Repository.SecretRef.Name;
    public override string? RepositoryClaim => Job.Spec.Repository.Volume?.ClaimName;

    public override WorkerOptions? Worker => Options.Worker;

    public RestoreOptions Options => Job.Spec.Options ?? DefaultOptions;

    public string TargetName => Job.Spec.Target.ClaimName ?? "";

    private static readonly RestoreOptions DefaultOptions = new();
}
