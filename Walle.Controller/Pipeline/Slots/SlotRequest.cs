using Walle.Controller.Kubernetes;

namespace Walle.Controller.Pipeline.Slots;

/// <summary>A backup that wants to begin, or that has begun; or a prune or check.</summary>
/// <param name="DueAt">The time of its schedule; of one made by hand, when it was made.</param>
/// <param name="Repository"><c>namespace/secret</c>.</param>
/// <param name="Nodes">Of the volumes, as far as they are known.</param>
internal sealed record SlotRequest(
    string Uid, NamespacedName Name, DateTimeOffset DueAt, string Repository, IReadOnlyList<string> StorageClasses, IReadOnlyList<string> Nodes)
{
    /// <summary>A prune or check: it needs the repository for itself, and takes no slot of the backups.</summary>
    public bool Exclusive { get; init; }

    /// <summary>A restore, which is never held back: it only keeps a prune from beginning.</summary>
    public bool IsRestore { get; init; }
}
