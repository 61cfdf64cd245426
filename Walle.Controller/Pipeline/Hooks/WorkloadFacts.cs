namespace Walle.Controller.Pipeline.Hooks;

/// <summary>A source as a live look found it: what is needed to know its volumes and its hooks.</summary>
internal sealed record WorkloadFacts
{
    public required string Kind { get; init; }
    public required string Name { get; init; }

    /// <summary>Of the workload itself.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Of its Pod template.</summary>
    public IReadOnlyDictionary<string, string> TemplateAnnotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Its Pods, by name.</summary>
    public IReadOnlyList<PodFacts> Pods { get; init; } = [];

    /// <summary>Names of all its claims: those of its Pods, of its template, and of a StatefulSet's volumeClaimTemplates.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Claims made for one Pod only (generic ephemeral volumes): they go with the Pod and are no data to keep.</summary>
    public IReadOnlyList<string> EphemeralClaims { get; init; } = [];
}
