namespace Walle.Controller.Pipeline.GroupSnapshots;

/// <summary>A VolumeGroupSnapshot as a live look found it.</summary>
internal sealed record GroupSnapshotFacts(string Name, string Uid)
{
    public string? ControllerUid { get; init; }

    public bool Deleting { get; init; }

    /// <summary>When the driver cut all of its volumes.</summary>
    public DateTimeOffset? CreationTime { get; init; }

    /// <summary>Not final: the driver is asked again until it succeeds.</summary>
    public string? ErrorMessage { get; init; }

    public string? BoundContentName { get; init; }
}
