using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Walle.Crds;

namespace Walle.Controller.Hosting;

/// <summary>Leases of coordination.k8s.io/v1 (Kubernetes 1.14 and later).</summary>
internal sealed class KubernetesLeaseClient(IKubernetes client, string @namespace, string name) : ILeaseClient
{
    public async Task<V1Lease?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.CoordinationV1.ReadNamespacedLeaseAsync(name, @namespace, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException error) when (error.Response?.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<V1Lease> CreateAsync(V1Lease lease, CancellationToken cancellationToken) =>
        client.CoordinationV1.CreateNamespacedLeaseAsync(lease, @namespace, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken);

    public Task<V1Lease> UpdateAsync(V1Lease lease, CancellationToken cancellationToken) =>
        client.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, name, @namespace, fieldManager: WellKnown.FieldManager, cancellationToken: cancellationToken);
}
