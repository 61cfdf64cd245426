using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Projections;

namespace Walle.Tests.Builders;

/// <summary>A PersistentVolumeClaim.</summary>
internal sealed class ClaimBuilder
{
    private ClaimProjection _claim = new()
    {
        Name = new NamespacedName(A.Namespace, A.ClaimName),
        Uid = A.ClaimUid,
        ResourceVersion = 10,
        Phase = "Bound",
        VolumeMode = "Filesystem",
        StorageClassName = A.StorageClass,
        VolumeName = "pv-1",
        RequestedSize = "10Gi",
    };

    public static implicit operator ClaimProjection(ClaimBuilder builder) => builder._claim;

    public ClaimBuilder With(Func<ClaimProjection, ClaimProjection> change)
    {
        _claim = change(_claim);
        return this;
    }

    public ClaimBuilder AsClone() => With(claim => claim with
    {
        Name = new NamespacedName(A.Namespace, ResourceNames.Clone(A.Uid)),
        Uid = A.CloneUid,
        OwnerUid = A.Uid,
        ControllerUid = A.Uid,
        Phase = "Pending",
        VolumeName = null,
    });

    public ClaimBuilder Bound() => With(claim => claim with { Phase = "Bound", VolumeName = "pv-2" });

    public ClaimBuilder InPhase(string phase) => With(claim => claim with { Phase = phase });

    public ClaimBuilder Deleting() => With(claim => claim with { Deleting = true });

    public ClaimBuilder OfAnother() => With(claim => claim with { ControllerUid = "99999999-0000-4000-8000-000000000000" });
}
