namespace Walle.Controller.Pipeline.Restore;

/// <summary>The target PersistentVolumeClaim.</summary>
/// <param name="Phase">Pending, Bound or Lost.</param>
/// <param name="MadeFor">UID of the RestoreJob that made it, or null.</param>
internal sealed record TargetFacts(string Uid, string? Phase, bool Deleting, string? VolumeMode, string? StorageClassName, string? MadeFor);
