using k8s.Models;

namespace Walle.Controller.Hosting;

/// <summary>The one Lease, on the API server. Failures are HttpOperationExceptions.</summary>
internal interface ILeaseClient
{
    /// <summary>Null when there is none.</summary>
    Task<V1Lease?> GetAsync(CancellationToken cancellationToken);

    Task<V1Lease> CreateAsync(V1Lease lease, CancellationToken cancellationToken);

    /// <summary>Fails with 409 when the Lease is no longer at the resource version given: this is what decides between two candidates.</summary>
    Task<V1Lease> UpdateAsync(V1Lease lease, CancellationToken cancellationToken);
}
