namespace Walle.Tests.Storage;

/// <summary>What the storage system still holds for a namespace, whatever the API server says.</summary>
/// <param name="Volumes">Handles of volumes.</param>
/// <param name="Snapshots">Handles of snapshots.</param>
/// <param name="Mounts">Paths in the node where a volume is mounted, kubelet's for Pods included.</param>
public sealed record StorageLeftOvers(IReadOnlyList<string> Volumes, IReadOnlyList<string> Snapshots, IReadOnlyList<string> Mounts)
{
    public bool IsEmpty => Volumes.Count + Snapshots.Count + Mounts.Count == 0;

    public override string ToString() =>
        $"volumes [{string.Join(", ", Volumes)}], snapshots [{string.Join(", ", Snapshots)}], mounts [{string.Join(", ", Mounts)}]";
}
