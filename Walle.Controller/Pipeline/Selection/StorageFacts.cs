namespace Walle.Controller.Pipeline.Selection;

/// <summary>What the cluster's storage can do, as far as a claim's StorageClass tells.</summary>
/// <param name="Provisioners">Of each StorageClass.</param>
/// <param name="SnapshotClasses">Null when the cluster does not serve the snapshot API.</param>
internal sealed record StorageFacts(IReadOnlyDictionary<string, string> Provisioners, IReadOnlyList<SnapshotClassFacts>? SnapshotClasses);
