namespace Walle.Tests.Storage;

/// <summary>The names that the double brings to a cluster.</summary>
public static class StorageNames
{
    /// <summary>ext4 images: a clone keeps every inode and ctime, as with RBD, EBS or LVM.</summary>
    public const string BlockDriver = "block.double.walle.test";

    /// <summary>Folders: a clone has new inodes and ctimes, as with csi-hostpath and some NFS drivers.</summary>
    public const string FileDriver = "file.double.walle.test";

    /// <summary>File-like, with two VolumeSnapshotClasses and no default.</summary>
    public const string TwoClassesDriver = "two.double.walle.test";

    /// <summary>File-like, without a VolumeSnapshotClass.</summary>
    public const string NoClassDriver = "none.double.walle.test";

    /// <summary>Block-like, and can cut several volumes at one moment, where <see cref="StorageDouble.ServeGroupsAsync"/> was called.</summary>
    public const string GroupDriver = "group.double.walle.test";

    public const string GroupImmediate = "group-immediate";
    public const string GroupSnapshots = "group-snapshots";
    public const string BlockImmediate = "block-immediate";
    public const string BlockWait = "block-wait";
    public const string FileImmediate = "file-immediate";
    public const string FileWait = "file-wait";
    public const string TwoClasses = "two-classes-immediate";
    public const string NoClass = "no-class-immediate";

    public const string BlockSnapshots = "block-snapshots";
    public const string FileSnapshots = "file-snapshots";
    public const string TwoSnapshotsA = "two-snapshots-a";
    public const string TwoSnapshotsB = "two-snapshots-b";

    /// <summary>Every driver that the node's plugin is registered for.</summary>
    public static IReadOnlyList<string> Drivers { get; } = [BlockDriver, FileDriver, TwoClassesDriver, NoClassDriver, GroupDriver];

    internal const string DefaultClassAnnotation = "snapshot.storage.kubernetes.io/is-default-class";
    internal const string SnapshotSourceFinalizer = "snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection";
    internal const string SnapshotBoundFinalizer = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection";
    internal const string ContentFinalizer = "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection";
    internal const string ClaimFinalizer = "snapshot.storage.kubernetes.io/pvc-as-source-protection";
    internal const string InGroupFinalizer = "snapshot.storage.kubernetes.io/volumesnapshot-in-group-protection";
    internal const string GroupBoundFinalizer = "groupsnapshot.storage.kubernetes.io/volumegroupsnapshot-bound-protection";
    internal const string GroupContentFinalizer = "groupsnapshot.storage.kubernetes.io/volumegroupsnapshotcontent-bound-protection";
    internal const string GroupBeingDeletedAnnotation = "groupsnapshot.storage.kubernetes.io/volumegroupsnapshot-being-deleted";
    internal const string GroupHandleAnnotation = "groupsnapshot.storage.kubernetes.io/volume-group-snapshot-handle";
    internal const string BeingCreatedAnnotation = "snapshot.storage.kubernetes.io/volumesnapshot-being-created";
    internal const string BeingDeletedAnnotation = "snapshot.storage.kubernetes.io/volumesnapshot-being-deleted";
    internal const string ProvisionedByAnnotation = "pv.kubernetes.io/provisioned-by";
    internal const string SelectedNodeAnnotation = "volume.kubernetes.io/selected-node";

    /// <summary>Kubernetes before 1.23 sets the first, later ones both.</summary>
    internal static readonly string[] ProvisionerAnnotations = ["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"];

    internal static bool IsOurs(string? driver) => driver is not null && Drivers.Contains(driver);

    internal static string VolumeKind(string driver) => driver is BlockDriver or GroupDriver ? "block" : "file";
}
