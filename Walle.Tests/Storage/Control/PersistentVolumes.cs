using k8s.Models;

namespace Walle.Tests.Storage;

/// <summary>PersistentVolumes as external-provisioner makes them.</summary>
internal static class PersistentVolumes
{
    public static V1PersistentVolume For(V1PersistentVolumeClaim claim, V1StorageClass storageClass, string volume) => new()
    {
        ApiVersion = V1PersistentVolume.KubeApiVersion,
        Kind = V1PersistentVolume.KubeKind,
        Metadata = new V1ObjectMeta
        {
            Name = volume,
            Annotations = new Dictionary<string, string> { [StorageNames.ProvisionedByAnnotation] = storageClass.Provisioner },
        },
        Spec = new V1PersistentVolumeSpec
        {
            AccessModes = claim.Spec.AccessModes,
            Capacity = new Dictionary<string, ResourceQuantity> { ["storage"] = claim.Spec.Resources.Requests["storage"] },
            ClaimRef = new V1ObjectReference
            {
                ApiVersion = "v1", Kind = "PersistentVolumeClaim", NamespaceProperty = claim.Metadata.NamespaceProperty, Name = claim.Metadata.Name,
                Uid = claim.Metadata.Uid, ResourceVersion = claim.Metadata.ResourceVersion,
            },
            Csi = new V1CSIPersistentVolumeSource
            {
                Driver = storageClass.Provisioner,
                VolumeHandle = volume,
                FsType = StorageNames.VolumeKind(storageClass.Provisioner) == "block" && claim.Spec.VolumeMode != "Block" ? "ext4" : null,
                VolumeAttributes = new Dictionary<string, string> { ["storage.kubernetes.io/csiProvisionerIdentity"] = "walle-" + storageClass.Provisioner },
            },
            MountOptions = storageClass.MountOptions,
            PersistentVolumeReclaimPolicy = storageClass.ReclaimPolicy ?? "Delete",
            StorageClassName = storageClass.Metadata.Name,
            VolumeMode = claim.Spec.VolumeMode ?? "Filesystem",
        },
    };
}
