using Walle.Crds.Conditions;

namespace Walle.Controller.Pipeline.Hooks;

/// <summary>What the annotations of a source come to, Pod by Pod.</summary>
internal sealed record HookPlan
{
    public static readonly HookPlan None = new();

    public IReadOnlyList<HookTarget> Before { get; init; } = [];
    public IReadOnlyList<HookTarget> After { get; init; } = [];
    public DumpTarget? Dump { get; init; }

    /// <summary>A dump is asked for, and the volumes are not backed up.</summary>
    public bool InsteadOfVolumes { get; init; }

    /// <summary>Why it cannot be carried out as written; then nothing is run at all.</summary>
    public (Reason Reason, string Message)? Problem { get; init; }

    public bool HasHooks => Before.Count + After.Count > 0;
}
