using k8s.Models;

namespace Walle.Controller.Hosting;

/// <summary>The states of a Lease that LeaderElection writes, and how it reads one. Pure.</summary>
internal static class LeaseRecords
{
    public static V1Lease New(LeaderElectionOptions options, DateTimeOffset now) =>
        Renewed(new V1Lease { Metadata = new V1ObjectMeta { Name = options.Name, NamespaceProperty = options.Namespace } }, options, now);

    /// <summary>Taken over, or kept: then the time of taking it stays.</summary>
    public static V1Lease Renewed(V1Lease lease, LeaderElectionOptions options, DateTimeOffset now)
    {
        var mine = lease.Spec?.HolderIdentity == options.Identity;
        return new V1Lease
        {
            Metadata = lease.Metadata,
            Spec = new V1LeaseSpec
            {
                HolderIdentity = options.Identity,
                LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds,
                AcquireTime = mine ? lease.Spec?.AcquireTime : now.UtcDateTime,
                RenewTime = now.UtcDateTime,
                LeaseTransitions = lease.Spec is null ? 0 : (lease.Spec.LeaseTransitions ?? 0) + (mine ? 0 : 1),
            },
        };
    }

    /// <summary>Without a holder and expiring at once, also for candidates that look at the duration only.</summary>
    public static V1Lease Released(V1Lease lease, DateTimeOffset now) => new()
    {
        Metadata = lease.Metadata,
        Spec = new V1LeaseSpec
        {
            HolderIdentity = "",
            LeaseDurationSeconds = 1,
            AcquireTime = now.UtcDateTime,
            RenewTime = now.UtcDateTime,
            LeaseTransitions = lease.Spec?.LeaseTransitions,
        },
    };

    /// <summary>The holder's own duration: it may be configured otherwise than this process.</summary>
    public static TimeSpan Duration(V1Lease lease, TimeSpan otherwise) =>
        lease.Spec?.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : otherwise;

    public static bool SameRecord(V1Lease a, V1Lease b) =>
        a.Spec?.HolderIdentity == b.Spec?.HolderIdentity
        && a.Spec?.LeaseDurationSeconds == b.Spec?.LeaseDurationSeconds
        && a.Spec?.AcquireTime == b.Spec?.AcquireTime
        && a.Spec?.RenewTime == b.Spec?.RenewTime
        && a.Spec?.LeaseTransitions == b.Spec?.LeaseTransitions;
}
