namespace Walle.Tests.Storage;

/// <summary>
/// What can go wrong, as values of the annotation <see cref="Annotation"/>, joined by commas. It is read from the VolumeSnapshot, its class and the
/// source PVC, and for clones also from the clone and its StorageClass; so annotating the source PVC is enough. Read again at every try: taking the
/// annotation off ends the fault.
/// </summary>
public static class Fault
{
    public const string Annotation = "double.walle.test/fault";

    /// <summary>No snapshot controller: the VolumeSnapshot stays as it was made, without status and finalizers.</summary>
    public const string NoController = "no-controller";

    /// <summary>The driver does not answer CreateSnapshot: no creationTime, no error. It gives up when the snapshot is deleted.</summary>
    public const string NeverCut = "never-cut";

    /// <summary><c>slow-cut:5s</c>: the snapshot is cut that much later.</summary>
    public const string SlowCut = "slow-cut";

    /// <summary>Cut, with creationTime, but readyToUse stays false.</summary>
    public const string NeverReady = "never-ready";

    /// <summary><c>slow-ready:5s</c>: ready that much after the cut.</summary>
    public const string SlowReady = "slow-ready";

    /// <summary>CreateSnapshot fails with InvalidArgument for ever: status.error, no creationTime.</summary>
    public const string SnapshotError = "snapshot-error";

    /// <summary><c>error-then-recover</c> or <c>error-then-recover:3</c>: as many tries (2) fail with Unavailable and set status.error, then it works and the error is cleared.</summary>
    public const string ErrorThenRecover = "error-then-recover";

    /// <summary><c>restore-size:128Mi</c>: status.restoreSize says this, as with drivers that round up.</summary>
    public const string RestoreSize = "restore-size";

    /// <summary>DeleteSnapshot fails for ever: content and VolumeSnapshot stay, with their finalizers.</summary>
    public const string UndeletableSnapshot = "undeletable-snapshot";

    /// <summary>A volume restored from a snapshot is empty.</summary>
    public const string BlankClone = "blank-clone";

    /// <summary>A volume restored from a snapshot lacks every second entry of its root folder.</summary>
    public const string HalfClone = "half-clone";

    /// <summary><c>unreadable-clone:path</c>: this file's inode is damaged in the clone, lstat fails. Block-like only.</summary>
    public const string UnreadableClone = "unreadable-clone";

    /// <summary>A PVC with a data source stays Pending, without an Event of its own.</summary>
    public const string NeverBind = "never-bind";

    /// <summary><c>slow-bind:5s</c>: a PVC with a data source is bound that much after it was made.</summary>
    public const string SlowBind = "slow-bind";

    /// <summary>A PVC with a data source stays Pending with Events ProvisioningFailed (ResourceExhausted).</summary>
    public const string BindError = "bind-error";
}
