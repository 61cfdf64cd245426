using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>The classes and CSIDrivers that the double brings.</summary>
internal static class StorageClasses
{
    public static async Task EnsureAsync(StorageObjects objects, IKubernetes kubernetes, CancellationToken cancel)
    {
        V1StorageClass[] storageClasses =
        [
            For(StorageNames.BlockImmediate, StorageNames.BlockDriver, "Immediate"),
            For(StorageNames.BlockWait, StorageNames.BlockDriver, "WaitForFirstConsumer"),
            For(StorageNames.FileImmediate, StorageNames.FileDriver, "Immediate"),
            For(StorageNames.FileWait, StorageNames.FileDriver, "WaitForFirstConsumer"),
            For(StorageNames.TwoClasses, StorageNames.TwoClassesDriver, "Immediate"),
            For(StorageNames.GroupImmediate, StorageNames.GroupDriver, "Immediate"),
            For(StorageNames.NoClass, StorageNames.NoClassDriver, "Immediate"),
        ];
        VolumeSnapshotClass[] snapshotClasses =
        [
            For(StorageNames.BlockSnapshots, StorageNames.BlockDriver, isDefault: true),
            For(StorageNames.FileSnapshots, StorageNames.FileDriver, isDefault: true),
            For(StorageNames.GroupSnapshots, StorageNames.GroupDriver, isDefault: true),
            For(StorageNames.TwoSnapshotsA, StorageNames.TwoClassesDriver, isDefault: false),
            For(StorageNames.TwoSnapshotsB, StorageNames.TwoClassesDriver, isDefault: false),
        ];
        await Task.WhenAll(
        [
            .. StorageNames.Drivers.Select(driver => EnsureDriverAsync(kubernetes, driver, cancel)),
            .. storageClasses.Select(item => objects.StorageClassWriter.TryCreateAsync(item, cancel)),
            .. snapshotClasses.Select(item => objects.SnapshotClassWriter.TryCreateAsync(item, cancel)),
        ]);
    }

    private static V1StorageClass For(string name, string driver, string bindingMode) => new()
    {
        ApiVersion = "storage.k8s.io/v1", Kind = V1StorageClass.KubeKind, Metadata = new V1ObjectMeta { Name = name },
        Provisioner = driver, VolumeBindingMode = bindingMode, ReclaimPolicy = "Delete",
    };

    private static VolumeSnapshotClass For(string name, string driver, bool isDefault) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            Annotations = isDefault ? new Dictionary<string, string> { [StorageNames.DefaultClassAnnotation] = "true" } : null,
        },
        Driver = driver, DeletionPolicy = "Delete",
    };

    /// <summary>No attacher runs; without this object kubelet would wait for one.</summary>
    private static async Task EnsureDriverAsync(IKubernetes kubernetes, string driver, CancellationToken cancel)
    {
        try
        {
            await kubernetes.StorageV1.CreateCSIDriverAsync(
                new V1CSIDriver
                {
                    Metadata = new V1ObjectMeta { Name = driver },
                    Spec = new V1CSIDriverSpec { AttachRequired = false, PodInfoOnMount = false, VolumeLifecycleModes = ["Persistent"] },
                }, cancellationToken: cancel);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            // From an earlier start.
        }
    }
}
