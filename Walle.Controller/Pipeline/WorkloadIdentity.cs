namespace Walle.Controller.Pipeline;

/// <summary>User and groups of a Pod that uses the source: what a Restricted worker runs as, so that it may read what the workload may.</summary>
internal sealed record WorkloadIdentity(long? User, long? Group, IReadOnlyList<long> SupplementalGroups);
