using Walle.Controller.Kubernetes;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Controller.Projections;

/// <summary>A BackupJob: kept whole, as every field is needed (its type has no managedFields).</summary>
internal sealed record BackupJobProjection(BackupJob Object) : IProjection
{
    public NamespacedName Name { get; } = new(Object.Metadata.Namespace ?? "", Object.Metadata.Name ?? "");

    public string Uid => Object.Metadata.Uid ?? "";

    /// <summary>UID of the BackupSchedule that made it.</summary>
    public string? ScheduleUid { get; } =
        Object.Metadata.OwnerReferences?.Find(owner => owner is { Kind: ApiGroup.BackupScheduleKind, Controller: true } && owner.ApiVersion?.StartsWith(ApiGroup.Name + "/", StringComparison.Ordinal) == true)?.Uid;

    public ulong ResourceVersion { get; } = ulong.TryParse(Object.Metadata.ResourceVersion, out var version) ? version : 0;
}
