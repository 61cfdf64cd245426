namespace Walle.Controller.Pipeline.GroupSnapshots;

/// <summary>What the server offers of groupsnapshot.storage.k8s.io.</summary>
/// <param name="Version">The newest version that it serves and Walle knows.</param>
internal sealed record GroupSnapshotOffer(string Version, IReadOnlyList<SnapshotClassFacts> Classes);
