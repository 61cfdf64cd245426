using Walle.Controller.Kubernetes;
using Walle.Crds.V1;

namespace Walle.Controller.Projections;

/// <summary>A RestoreJob: kept whole, as every field is needed.</summary>
internal sealed record RestoreJobProjection(RestoreJob Object) : IProjection
{
    public NamespacedName Name { get; } = new(Object.Metadata.Namespace ?? "", Object.Metadata.Name ?? "");

    public string Uid => Object.Metadata.Uid ?? "";

    public ulong ResourceVersion { get; } = ulong.TryParse(Object.Metadata.ResourceVersion, out var version) ? version : 0;
}
