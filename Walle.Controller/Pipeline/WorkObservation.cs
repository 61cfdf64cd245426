using Walle.Controller.Projections;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>What is observed of an object of any kind that runs workers: all that their Jobs, Pods and results depend on.</summary>
internal abstract record WorkObservation
{
    public required DateTimeOffset Now { get; init; }
    public required WorkerSettings Settings { get; init; }
    public ActionFailure? ActionFailure { get; init; }

    /// <summary>The API server refused to show what the present step needs: the rest of the observation is incomplete.</summary>
    public ActionFailure? ReadFailure { get; init; }

    /// <summary>Worker Jobs of this object, of all attempts and verbs.</summary>
    public IReadOnlyList<JobProjection> Jobs { get; init; } = [];
    public IReadOnlyList<PodProjection> Pods { get; init; } = [];

    /// <summary>The namespace enforces the Pod security level "restricted".</summary>
    public bool NamespaceIsRestricted { get; init; }
    public WorkloadIdentity? WorkloadIdentity { get; init; }

    /// <summary>A live look has confirmed that no temporary object is left; gathered only when the stores say so.</summary>
    public bool ConfirmedGone { get; init; }

    /// <summary>The object that the workers belong to.</summary>
    public abstract CustomResource Owner { get; }
    public abstract string OwnerKind { get; }

    /// <summary>The repository's Secret.</summary>
    public abstract string SecretName { get; }

    /// <summary>Whether those whose locks stopped the last worker are known to be dead, by host name; empty when none did.</summary>
    public IReadOnlyDictionary<string, Maintenance.LockHolder> Holders { get; init; } = new Dictionary<string, Maintenance.LockHolder>();

    /// <summary>The claim that holds the repository; null when it is on a server.</summary>
    public abstract string? RepositoryClaim { get; }
    public abstract WorkerOptions? Worker { get; }

    /// <summary>The worker runs a command in a Pod, as the ServiceAccount that the namespace's administrator made for it.</summary>
    public virtual bool RunsCommand => false;

    public string Uid => Owner.Metadata.Uid ?? "";

    public string Namespace => Owner.Metadata.Namespace ?? "";
}
