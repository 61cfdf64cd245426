using Walle.Controller.Informers;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Slots;
using Walle.Controller.Projections;
using Walle.Controller.Reconcilers.Hooks;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Reconcilers;

/// <summary>
/// Builds the observation that a decision is made from: from the stores, and by live reads only where a step needs what no store holds, or where
/// absence from a store would be acted upon.
/// </summary>
internal sealed class BackupGatherer(
    BackupListers listers, WorkerPods pods, SourceReader source, LeftoverReader leftovers, GroupSnapshotReader groups, SlotLedger slots, HookGatherer hooks, LockHolderReader lockHolders, WorkerSettings settings,
    TimeProvider time)
{
    private static readonly TimeSpan StoreCatchesUp = TimeSpan.FromMinutes(10);

    /// <returns>Null when a store is behind the API server: look again when it has caught up.</returns>
    public async Task<BackupObservation?> GatherAsync(BackupJob job, ActionFailure? failure, CancellationToken cancellationToken)
    {
        var uid = job.Metadata.Uid ?? "";
        var status = job.Status ?? new BackupJobStatus();
        var observation = new BackupObservation
        {
            Job = job,
            Now = time.GetUtcNow(),
            Settings = settings,
            ActionFailure = failure,
            // Of its own namespace only: anybody may write the label on an object of another one.
            Jobs = [.. listers.Jobs.ByIndex(IndexNames.OwnerUid, uid).Where(child => child.Name.Namespace == job.Metadata.Namespace && child.ControllerUid == uid)],
        };
        observation = observation with
        {
            Pods = BackupResult.IsKnown(status) ? pods.Known(observation.Namespace, uid) : await pods.ReadAsync(observation.Namespace, uid, observation.Jobs, cancellationToken),
        };
        observation = hooks.Results(observation.IsWorkload
            ? observation with { Parts = [.. VolumeViews.Of(observation, status).Select(part => FromStores(part, failure))] }
            : FromStores(observation, failure));
        if (BackupResult.IsKnown(status))
        {
            observation = await GroupLeftAsync(observation, status, cancellationToken);
            // What has one of the names and another owner is not ours to wait for.
            IReadOnlyList<BackupObservation> parts = observation.IsWorkload ? observation.Parts : [observation];
            var gone = observation.Jobs.Count == 0 && observation.Pods.Count == 0 && parts.All(part => part.CloneClaim?.ControllerUid != uid && part.Snapshot?.ControllerUid != uid) && observation.Group?.ControllerUid != uid;
            observation = await hooks.PlanForThawAsync(observation, status, cancellationToken);
            return observation with { ConfirmedGone = gone && (status.IsTrue(ConditionTypes.CleanedUp) || await NoneLeftAsync(job, cancellationToken)) };
        }

        if (BackupPipeline.Refusal(job) is not null || job.Metadata.DeletionTimestamp is not null || job.Metadata.Finalizers?.Contains(WellKnown.Finalizer) != true)
        {
            return observation;
        }

        try
        {
            if (SlotStep.IsAdmitted(status))
            {
                observation = await groups.ObserveAsync(observation, status, cancellationToken);
                observation = await hooks.PlanAsync(observation, status, cancellationToken);
                return observation.IsWorkload ? await GatherPartsAsync(observation, status, cancellationToken) : await GatherRunningAsync(observation, status, cancellationToken);
            }

            if (!status.IsTrue(ConditionTypes.Accepted))
            {
                observation = observation.IsWorkload ? await GatherWorkloadAsync(observation, cancellationToken) : await GatherSourceAsync(observation, cancellationToken);
                if (BackupPipeline.Accept(observation, ref status) is not null)
                {
                    // Not accepted, or not yet: it wants no slot.
                    return observation;
                }
            }

            return observation with
            {
                Slot = slots.Ask(SlotStep.Request(job, status)),
                // From the store alone, however many wait: the snapshot's own step reads it again if it is not there.
                Source = observation.IsWorkload ? null : observation.Source ?? listers.Claims.Get(new NamespacedName(observation.Namespace, observation.ClaimName)),
                Parts = [],
            };
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is { Class: ApiErrorClass.Forbidden } error)
        {
            return observation with { ReadFailure = new ActionFailure(Reason.Forbidden, error.Message, IsFinal: false) };
        }
    }

    private BackupObservation FromStores(BackupObservation observation, ActionFailure? failure)
    {
        var (job, uid, volume) = (observation.Job, observation.Uid, observation.Volume);
        observation = observation with
        {
            Snapshot = observation.IsDump ? null : listers.Snapshots.Get(Child(job, ResourceNames.Snapshot(uid, volume))),
            CloneClaim = observation.IsDump ? null : listers.Claims.Get(Child(job, ResourceNames.Clone(uid, volume))),
        };
        if (volume is null)
        {
            return observation;
        }

        // Of a workload's volume: its own attempts, and the initialisation and what removes locks, which are everybody's.
        HashSet<string> names = [ResourceNames.InitJob(uid), .. Enumerable.Range(1, (job.Status?.Attempts ?? 0) + 1).Select(attempt => ResourceNames.BackupJob(uid, attempt, volume))];
        var unlocking = observation.Jobs.Where(child => child.Verb == Crds.Contracts.WorkerVerb.Unlock).Select(child => child.Uid).ToHashSet();
        return observation with
        {
            Jobs = [.. observation.Jobs.Where(child => names.Contains(child.Name.Name) || child.Verb == Crds.Contracts.WorkerVerb.Unlock)],
            Pods = [.. observation.Pods.Where(pod => names.Any(name => pod.Name.Name.StartsWith(name + "-", StringComparison.Ordinal)) || unlocking.Contains(pod.ControllerUid ?? ""))],
            ActionFailure = failure is { About: { } about } && names.Append(volume).All(name => name != about) && about != ResourceNames.Snapshot(uid, volume) && about != ResourceNames.Clone(uid, volume) ? null : failure,
        };
    }

    /// <summary>A look that fails confirms nothing, and must not keep a BackupJob from being let go of.</summary>
    private async Task<bool> NoneLeftAsync(BackupJob job, CancellationToken cancellationToken)
    {
        try
        {
            return await leftovers.NoneAsync(job, cancellationToken);
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is not null)
        {
            return false;
        }
    }

    private async Task<BackupObservation> GroupLeftAsync(BackupObservation observation, BackupJobStatus status, CancellationToken cancellationToken)
    {
        try
        {
            return await groups.ObserveAsync(observation, status, cancellationToken);
        }
        catch (Exception exception) when (ApiError.From(exception, cancellationToken) is not null)
        {
            return observation;
        }
    }

    private async Task<BackupObservation> GatherSourceAsync(BackupObservation observation, CancellationToken cancellationToken)
    {
        var claim = await source.ReadClaimAsync(new NamespacedName(observation.Namespace, observation.ClaimName), cancellationToken);
        if (claim is not { Phase: "Bound", VolumeName: not null })
        {
            return observation with { Source = claim };
        }

        return observation with
        {
            Source = claim,
            SourceDriver = await source.ReadDriverAsync(claim.VolumeName, cancellationToken),
            SnapshotClasses = await source.ListSnapshotClassesAsync(cancellationToken),
            SourceNode = slots.Limits.Node > 0 ? await source.ReadNodeAsync(claim.Name, cancellationToken) : null,
        };
    }

    private async Task<BackupObservation> GatherWorkloadAsync(BackupObservation observation, CancellationToken cancellationToken)
    {
        observation = await hooks.ReadAsync(observation, cancellationToken);
        if (observation.Workload is not { } workload || observation.Plan is { InsteadOfVolumes: true })
        {
            return observation;
        }

        List<SourceClaim> claims = [];
        foreach (var name in workload.Claims)
        {
            claims.Add(await source.ReadSourceClaimAsync(new NamespacedName(observation.Namespace, name), cancellationToken));
        }

        return observation with
        {
            Claims = claims,
            SnapshotClasses = claims.Count > 0 ? await source.ListSnapshotClassesAsync(cancellationToken) : [],
            NamespaceClaims = claims.Count > 1 ? listers.Claims.ByIndex(IndexNames.Namespace, observation.Namespace) : [],
            GroupSnapshots = claims.Count > 1 ? await groups.OfferAsync(cancellationToken) : null,
        };
    }

    private async Task<BackupObservation?> GatherPartsAsync(BackupObservation observation, BackupJobStatus status, CancellationToken cancellationToken)
    {
        List<BackupObservation> parts = [];
        foreach (var part in observation.Parts)
        {
            if (VolumeViews.IsKnown(status, part))
            {
                parts.Add(part);
            }
            else if (await GatherRunningAsync(part with { Plan = observation.Plan }, part.Job.Status!, cancellationToken) is { } gathered)
            {
                parts.Add(gathered);
            }
            else
            {
                return null;
            }
        }

        return observation with { Parts = parts, RepositoryReachedAt = parts.Count > 0 ? parts[0].RepositoryReachedAt ?? ReachedAt(observation.Job) : null };
    }

    private async Task<BackupObservation?> GatherRunningAsync(BackupObservation observation, BackupJobStatus status, CancellationToken cancellationToken)
    {
        var claimName = new NamespacedName(observation.Namespace, observation.ClaimName);
        var snapshotReady = status.IsTrue(ConditionTypes.SnapshotReady);
        observation = observation with
        {
            Source = observation.IsDump ? null : listers.Claims.Get(claimName) ?? await source.ReadClaimAsync(claimName, cancellationToken),
            Previous = observation.IsDump ? null : FindPrevious(observation, status),
            RepositoryReachedAt = ReachedAt(observation.Job),
        };
        if (snapshotReady && !status.IsTrue(ConditionTypes.CloneBound))
        {
            if (observation.CloneClaim is null && observation.Snapshot is null && MayWait(observation, status) && await leftovers.SnapshotExistsAsync(observation.Job, observation.Volume, cancellationToken))
            {
                return null;
            }

            var className = observation.Options.CloneVolume?.StorageClassName ?? observation.CloneClaim?.StorageClassName ?? status.Volumes?[0].StorageClassName ?? observation.Source?.StorageClassName;
            observation = observation with { CloneWaitsForConsumer = className is not null && await source.WaitsForConsumerAsync(className, cancellationToken) };
        }

        if (status.Attempts is not > 0)
        {
            return observation;
        }

        var attempt = ResourceNames.BackupJob(observation.Uid, status.Attempts.Value, observation.Volume);
        if (!observation.IsDump && observation.CloneClaim is null && !observation.Jobs.Any(job => job.Name.Name == attempt) && MayWait(observation, status) && await leftovers.CloneExistsAsync(observation.Job, observation.Volume, cancellationToken))
        {
            return null;
        }

        return await GatherSecurityAsync(await GatherLocksAsync(observation, status, cancellationToken), status, cancellationToken);
    }

    /// <summary>Only when a lock stopped the last attempt: whose it is.</summary>
    private async Task<BackupObservation> GatherLocksAsync(BackupObservation observation, BackupJobStatus status, CancellationToken cancellationToken)
    {
        string Name(int attempt) => ResourceNames.BackupJob(observation.Uid, attempt, observation.Volume);
        var attempt = status.Attempts ?? 1;
        var last = observation.Jobs.FirstOrDefault(job => job.Name.Name == Name(attempt)) ?? observation.Jobs.FirstOrDefault(job => job.Name.Name == Name(attempt - 1));
        return last is null ? observation : observation with { Holders = await lockHolders.ReadAsync(WorkerOutcome.Of(last, observation.Pods, observation), cancellationToken) };
    }

    /// <summary>Only when the next step makes a Job: what its Pod must run as.</summary>
    private async Task<BackupObservation> GatherSecurityAsync(BackupObservation observation, BackupJobStatus status, CancellationToken cancellationToken)
    {
        var attempt = ResourceNames.BackupJob(observation.Uid, status.Attempts ?? 1, observation.Volume);
        var options = observation.Options.Worker;
        if (observation.Jobs.Any(job => job.Name.Name == attempt && !FailedFor(job, observation)) || options?.SecurityProfile == SecurityProfile.Baseline)
        {
            return observation;
        }

        var restricted = options?.SecurityProfile == SecurityProfile.Restricted || await source.NamespaceIsRestrictedAsync(observation.Namespace, cancellationToken);
        return observation with
        {
            NamespaceIsRestricted = restricted,
            WorkloadIdentity = restricted && !observation.IsDump && options?.RunAsUser is null ? await source.ReadWorkloadIdentityAsync(new NamespacedName(observation.Namespace, observation.ClaimName), cancellationToken) : null,
        };
    }

    /// <summary>A store that lags is waited for, but not longer than a step may take: it may never catch up.</summary>
    private static bool MayWait(BackupObservation observation, BackupJobStatus status) =>
        !new Deadline(status.Since(status.Attempts is > 0 ? ConditionTypes.Uploaded : ConditionTypes.CloneBound, observation.Now), StoreCatchesUp, observation.Now).HasPassed;

    // An attempt that found no repository is followed by the initialisation's Job.
    private static bool FailedFor(JobProjection job, BackupObservation observation) =>
        WorkerOutcome.Of(job, observation.Pods, observation) is { State: WorkerState.Failed, Reason: Reason.RepositoryNotFound };

    private PreviousBackup? FindPrevious(BackupObservation observation, BackupJobStatus status)
    {
        var claimUid = status.Volumes?[0].ClaimUid;
        return RepositoryJobs(observation.Job)
            .Where(job => job.Status?.IsTrue(ConditionTypes.Complete) == true)
            .SelectMany(job => job.Status!.Volumes ?? [])
            .Where(volume => volume.ClaimName == observation.ClaimName && volume.ClaimUid == claimUid && volume.ResticSnapshotId is not null)
            .MaxBy(volume => volume.SnapshotTime) is { } newest ? new PreviousBackup(newest) : null;
    }

    private DateTimeOffset? ReachedAt(BackupJob job) => RepositoryJobs(job).Where(HasSnapshot).Min(other => other.Status!.CompletionTime);

    private IEnumerable<BackupJob> RepositoryJobs(BackupJob job) =>
        listers.BackupJobs.ByIndex(IndexNames.Repository, Projections.RepositoryKey.Of(job.Metadata.Namespace, job.Spec.Repository))
            .Select(projection => projection.Object).Where(other => other.Metadata.Uid != job.Metadata.Uid);

    private static bool HasSnapshot(BackupJob job) =>
        (job.Status?.Volumes ?? []).Exists(volume => volume.ResticSnapshotId is not null) || (job.Status?.Dumps ?? []).Exists(dump => dump.ResticSnapshotId is not null);

    private static NamespacedName Child(BackupJob job, string name) => new(job.Metadata.Namespace ?? "", name);
}
