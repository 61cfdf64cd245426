using Walle.Controller.Kubernetes;
using Walle.Crds.V1;

namespace Walle.Controller.Projections;

/// <summary>A BackupSchedule: kept whole, as every field is needed.</summary>
internal sealed record ScheduleProjection(BackupSchedule Object) : IProjection
{
    public NamespacedName Name { get; } = new(Object.Metadata.Namespace ?? "", Object.Metadata.Name ?? "");

    public string Uid => Object.Metadata.Uid ?? "";

    public ulong ResourceVersion { get; } = ulong.TryParse(Object.Metadata.ResourceVersion, out var version) ? version : 0;
}
