namespace Walle.Controller.Pipeline.Slots;

/// <summary>How many backups may be under way at once; 0: no limit. Restores are not held back.</summary>
internal sealed record SlotLimits
{
    public int Cluster { get; init; }
    public int Namespace { get; init; }
    public int Repository { get; init; }
    public int Node { get; init; }
    public int StorageClass { get; init; }
}
