namespace Walle.Controller.Pipeline;

/// <summary>What the choice of a VolumeSnapshotClass needs to know of each.</summary>
internal sealed record SnapshotClassFacts(string Name, string Driver, bool IsDefault);
