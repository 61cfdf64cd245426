namespace Walle.Controller.Pipeline.Hooks;

/// <summary>A Pod that is really of the source: of its workload by ownerReferences, or the source itself, or one that mounts the source claim.</summary>
internal sealed record PodFacts
{
    public required string Name { get; init; }
    public required string Uid { get; init; }

    /// <summary>Phase Running and not being deleted.</summary>
    public bool Running { get; init; }

    /// <summary>Condition Ready is True.</summary>
    public bool Ready { get; init; }
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>All that a command can be run in: containers and sidecars.</summary>
    public IReadOnlyList<ContainerFacts> Containers { get; init; } = [];

    /// <summary>Names of the claims among its volumes.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];
}
