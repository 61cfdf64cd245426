using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Projections;

namespace Walle.Tests.Builders;

/// <summary>The VolumeSnapshot, as just created: no controller has touched it.</summary>
internal sealed class SnapshotBuilder
{
    private SnapshotProjection _snapshot = new()
    {
        Name = new NamespacedName(A.Namespace, ResourceNames.Snapshot(A.Uid)),
        Uid = A.SnapshotUid,
        ResourceVersion = 20,
        OwnerUid = A.Uid,
        ControllerUid = A.Uid,
    };

    public static implicit operator SnapshotProjection(SnapshotBuilder builder) => builder._snapshot;

    public SnapshotBuilder With(Func<SnapshotProjection, SnapshotProjection> change)
    {
        _snapshot = change(_snapshot);
        return this;
    }

    public SnapshotBuilder Taken() => With(snapshot => snapshot with { BoundContentName = "snapcontent-1" });

    public SnapshotBuilder Ready() => Taken().With(snapshot => snapshot with { ReadyToUse = true, CreationTime = A.Noon.AddSeconds(2.7), RestoreSize = "12Gi" });

    public SnapshotBuilder WithError(string message) => Taken().With(snapshot => snapshot with { ErrorMessage = message });

    public SnapshotBuilder Deleting() => With(snapshot => snapshot with { Deleting = true });

    public SnapshotBuilder OfAnother() => With(snapshot => snapshot with { ControllerUid = "99999999-0000-4000-8000-000000000000" });
}
