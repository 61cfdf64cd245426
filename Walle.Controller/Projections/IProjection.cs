using Walle.Controller.Kubernetes;

namespace Walle.Controller.Projections;

/// <summary>The fields of a Kubernetes object that Walle needs, and nothing else: what a Store keeps. Read-only.</summary>
internal interface IProjection
{
    NamespacedName Name { get; }

    string Uid { get; }

    /// <summary>0 when the server's value is no number (resource versions are opaque before Kubernetes 1.35; they are only compared for read-your-writes).</summary>
    ulong ResourceVersion { get; }
}
