using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.GroupSnapshots;
using Walle.Controller.Pipeline.Hooks;
using Walle.Controller.Projections;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.GroupSnapshots;

/// <summary>A StatefulSet of several volumes on a server that offers VolumeGroupSnapshots.</summary>
internal static class GroupSnapshotStage
{
    public const string GroupUid = "uid-of-group";
    public static readonly BackupJob Job = A.BackupJob().WithSource(new BackupSource { Kind = SourceKind.StatefulSet, Name = "db" });
    public static readonly string Name = ResourceNames.GroupSnapshot(A.Uid);

    public static BackupObservation Fresh(params string[] claims) => Stage.Fresh(Job) with
    {
        Source = null,
        SourceDriver = null,
        Workload = new WorkloadFacts { Kind = SourceKind.StatefulSet, Name = "db", Claims = claims },
        Plan = HookPlan.None,
        Claims = [.. claims.Select(claim => Claim(claim, "app=db", "tier=data"))],
        NamespaceClaims = [.. claims.Select(claim => Claim(claim, "app=db", "tier=data").Claim!), Claim("other", "app=web", "tier=data").Claim!],
        GroupSnapshots = new GroupSnapshotOffer("v1", [new SnapshotClassFacts("groups", A.Driver, IsDefault: false)]),
    };

    /// <summary>Accepted; the group is not there yet.</summary>
    public static BackupObservation Snapshotting(params string[] claims)
    {
        var whole = Fresh(claims);
        whole = whole with { Job = Job with { Status = whole.Decide().Status }, Plan = null };
        return (whole with { Parts = [.. VolumeViews.Of(whole, whole.Job.Status!).Select(part => part with { Source = Claim(part.ClaimName).Claim })] }).Settled();
    }

    public static BackupObservation WithGroup(this BackupObservation whole, GroupSnapshotFacts? group) =>
        whole with { Group = group, Parts = [.. whole.Parts.Select(part => part with { Group = group })] };

    public static BackupObservation WithMember(this BackupObservation whole, string claim, SnapshotProjection? member) =>
        whole with { Parts = [.. whole.Parts.Select(part => part.ClaimName == claim ? part with { Snapshot = member } : part)] };

    public static BackupObservation Later(this BackupObservation whole, TimeSpan time) => whole.After(time) with { Parts = [.. whole.Parts.Select(part => part.After(time))] };

    public static GroupSnapshotFacts Group => new(Name, GroupUid) { ControllerUid = A.Uid };

    public static GroupSnapshotFacts Cut => Group with { BoundContentName = "content", CreationTime = A.Noon.AddSeconds(3) };

    public static SnapshotProjection Member(string claim) => A.Snapshot().Ready().With(snapshot => snapshot with
    {
        Name = new NamespacedName("shop", $"snapshot-of-{claim}"),
        Uid = $"uid-of-{claim}",
        CreationTime = A.Noon.AddSeconds(3),
    });

    public static SourceClaim Claim(string name, params string[] labels) => new(
        name,
        A.Claim().With(claim => claim with { Name = new NamespacedName("shop", name), Labels = [.. labels.Select(label => KeyValuePair.Create(label.Split('=')[0], label.Split('=')[1]))] }),
        A.Driver,
        OptedOut: false);
}
