using k8s;
using k8s.Models;
using Walle.Controller.Kubernetes;
using Walle.Crds;
using Walle.Crds.Contracts;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>
/// One restic init at a time in the whole cluster: two at once can leave a repository that nobody can open (7 of 15 races, research/reliability.md
/// 2.3), and two Secrets may name one repository. A Lease in the controller's namespace is the mutex; it is taken over when no initialisation runs.
/// </summary>
internal sealed class InitializationLease(IKubernetes kubernetes, string leaseNamespace, TimeProvider time)
{
    private const string Name = "walle-repository-init";

    // Longer than a holder can take from the Lease to its Job: a reconcile is cut off after 30 s.
    private static readonly TimeSpan TakeoverAfter = TimeSpan.FromMinutes(1);

    // An initialisation has a deadline of 5 minutes and a minute to end. One that looks older is on a lost node, or somebody's trap.
    private static readonly TimeSpan LongestInit = TimeSpan.FromMinutes(10);

    public async Task<bool> TryAcquireAsync(BackupJob job, CancellationToken cancellationToken)
    {
        var holder = Holder(job);
        var fresh = new V1Lease
        {
            Metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = leaseNamespace, Labels = new Dictionary<string, string> { [WellKnown.ManagedByLabel] = WellKnown.ManagedByValue } },
            Spec = new V1LeaseSpec { HolderIdentity = holder, AcquireTime = time.GetUtcNow().UtcDateTime },
        };
        try
        {
            var lease = await kubernetes.CoordinationV1.ReadNamespacedLeaseAsync(Name, leaseNamespace, cancellationToken: cancellationToken);
            if (lease.Spec?.HolderIdentity == holder)
            {
                return true;
            }

            // A time in the future was written by a clock that was wrong.
            var age = time.GetUtcNow().UtcDateTime - lease.Spec?.AcquireTime?.ToUniversalTime();
            if ((age >= TimeSpan.Zero && age < TakeoverAfter) || await InitRunsAsync(cancellationToken))
            {
                return false;
            }

            fresh.Metadata.ResourceVersion = lease.Metadata.ResourceVersion;
            await kubernetes.CoordinationV1.ReplaceNamespacedLeaseAsync(fresh, Name, leaseNamespace, cancellationToken: cancellationToken);
            return true;
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.NotFound))
        {
            // Released: but the worker of a BackupJob that was cancelled may still be about to stop.
            return !await InitRunsAsync(cancellationToken) && await TryCreateAsync(fresh, cancellationToken);
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.Conflict))
        {
            return false;
        }
    }

    /// <summary>Lets the next one in; a lease that is not ours, or gone, is left alone.</summary>
    public async Task ReleaseAsync(BackupJob job, CancellationToken cancellationToken)
    {
        try
        {
            var lease = await kubernetes.CoordinationV1.ReadNamespacedLeaseAsync(Name, leaseNamespace, cancellationToken: cancellationToken);
            if (lease.Spec?.HolderIdentity == Holder(job))
            {
                var preconditions = new V1Preconditions { Uid = lease.Metadata.Uid, ResourceVersion = lease.Metadata.ResourceVersion };
                await kubernetes.CoordinationV1.DeleteNamespacedLeaseAsync(Name, leaseNamespace, new V1DeleteOptions { Preconditions = preconditions }, cancellationToken: cancellationToken);
            }
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken)?.Class is ApiErrorClass.NotFound or ApiErrorClass.Conflict)
        {
            // Released already, or taken over.
            return;
        }
    }

    private async Task<bool> TryCreateAsync(V1Lease lease, CancellationToken cancellationToken)
    {
        try
        {
            await kubernetes.CoordinationV1.CreateNamespacedLeaseAsync(lease, leaseNamespace, cancellationToken: cancellationToken);
            return true;
        }
        catch (Exception exception) when (ApiError.Is(exception, ApiErrorClass.AlreadyExists))
        {
            return false;
        }
    }

    /// <summary>By Jobs (one whose Pod is not made yet) and by Pods (one that is still being stopped after its Job was deleted).</summary>
    private async Task<bool> InitRunsAsync(CancellationToken cancellationToken)
    {
        const string Selector = $"{WellKnown.ManagedBySelector},{WellKnown.VerbLabel}={WorkerVerb.Init}";
        var jobs = await kubernetes.BatchV1.ListJobForAllNamespacesAsync(labelSelector: Selector, cancellationToken: cancellationToken);
        if (jobs.Items.Any(job => IsRecent(job.Metadata) && job.Status?.Conditions?.Any(condition => condition.Type is "Complete" or "Failed" && condition.Status == "True") != true))
        {
            return true;
        }

        var pods = await kubernetes.CoreV1.ListPodForAllNamespacesAsync(labelSelector: Selector, cancellationToken: cancellationToken);
        return pods.Items.Any(pod => IsRecent(pod.Metadata) && pod.Status?.Phase is not ("Succeeded" or "Failed"));
    }

    private bool IsRecent(V1ObjectMeta metadata) =>
        metadata.CreationTimestamp is not { } created || time.GetUtcNow().UtcDateTime - created.ToUniversalTime() < LongestInit;

    private static string Holder(BackupJob job) => $"{job.Metadata.Namespace}/{job.Metadata.Name}/{job.Metadata.Uid}";
}
