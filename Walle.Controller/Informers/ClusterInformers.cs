using Walle.Controller.Kubernetes;
using Walle.Controller.Projections;
using Walle.Controller.Projections.Decoding;
using Walle.Crds;
using Walle.Crds.V1;

namespace Walle.Controller.Informers;

/// <summary>
/// The informers of the controller. Of foreign kinds only what Walle made is watched, save for claims: any of them may be a source. Pods and workloads
/// are watched once a schedule selects them.
/// </summary>
internal sealed class ClusterInformers
{
    public ClusterInformers(InformerFactory factory)
    {
        BackupJobs = factory.Create(
            ApiGroup.BackupJobKind,
            new ResourcePath(ApiGroup.Name, ApiGroup.Version, ApiGroup.BackupJobPlural),
            null,
            new BackupJobDecoder(),
            new StoreIndex<BackupJobProjection>(IndexNames.Uid, job => job.Uid),
            new StoreIndex<BackupJobProjection>(IndexNames.Source, SourceOf),
            new StoreIndex<BackupJobProjection>(IndexNames.Schedule, job => job.ScheduleUid),
            new StoreIndex<BackupJobProjection>(IndexNames.Repository, job => job.Object.Spec?.Repository is { SecretRef: not null } repository ? RepositoryKey.Of(job.Name.Namespace, repository) : null));
        Jobs = factory.Create(
            "Job",
            new ResourcePath("batch", "v1", "jobs"),
            WellKnown.ManagedBySelector,
            new JobDecoder(),
            new StoreIndex<JobProjection>(IndexNames.OwnerUid, job => job.OwnerUid));
        Pods = factory.Create(
            "Pod",
            new ResourcePath("", "v1", "pods"),
            WellKnown.ManagedBySelector,
            new PodDecoder(),
            new StoreIndex<PodProjection>(IndexNames.OwnerUid, pod => pod.OwnerUid));
        Snapshots = factory.Create(
            "VolumeSnapshot",
            new ResourcePath("snapshot.storage.k8s.io", "v1", "volumesnapshots"),
            WellKnown.ManagedBySelector,
            new SnapshotDecoder(),
            new StoreIndex<SnapshotProjection>(IndexNames.OwnerUid, snapshot => snapshot.OwnerUid));
        Claims = factory.Create(
            "PersistentVolumeClaim",
            new ResourcePath("", "v1", "persistentvolumeclaims"),
            null,
            new ClaimDecoder(),
            new StoreIndex<ClaimProjection>(IndexNames.OwnerUid, claim => claim.OwnerUid),
            new StoreIndex<ClaimProjection>(IndexNames.Namespace, claim => claim.Name.Namespace));
        Schedules = factory.Create(
            ApiGroup.BackupScheduleKind,
            new ResourcePath(ApiGroup.Name, ApiGroup.Version, ApiGroup.BackupSchedulePlural),
            null,
            new ScheduleDecoder(),
            new StoreIndex<ScheduleProjection>(IndexNames.Namespace, schedule => schedule.Name.Namespace),
            new StoreIndex<ScheduleProjection>(IndexNames.Uid, schedule => schedule.Uid));
        RestoreJobs = factory.Create(
            ApiGroup.RestoreJobKind,
            new ResourcePath(ApiGroup.Name, ApiGroup.Version, ApiGroup.RestoreJobPlural),
            null,
            new RestoreJobDecoder(),
            new StoreIndex<RestoreJobProjection>(IndexNames.Uid, job => job.Uid),
            new StoreIndex<RestoreJobProjection>(IndexNames.Target, job => job.Object.Spec.Target is { ClaimName.Length: > 0 } target ? $"{job.Name.Namespace}/{target.ClaimName}" : null));
        Workloads = new Dictionary<string, OnDemandInformer<WorkloadProjection>>
        {
            [SourceKind.Pod] = Workload(factory, "SourcePod", new ResourcePath("", "v1", "pods")),
            [SourceKind.Deployment] = Workload(factory, SourceKind.Deployment, new ResourcePath("apps", "v1", "deployments")),
            [SourceKind.StatefulSet] = Workload(factory, SourceKind.StatefulSet, new ResourcePath("apps", "v1", "statefulsets")),
            [SourceKind.DaemonSet] = Workload(factory, SourceKind.DaemonSet, new ResourcePath("apps", "v1", "daemonsets")),
        };
        All = [BackupJobs, Schedules, RestoreJobs, Jobs, Pods, Snapshots, Claims, .. Workloads.Values];
    }

    public Informer<BackupJobProjection> BackupJobs { get; }
    public Informer<JobProjection> Jobs { get; }
    public Informer<PodProjection> Pods { get; }
    public Informer<SnapshotProjection> Snapshots { get; }
    public Informer<ClaimProjection> Claims { get; }

    public Informer<ScheduleProjection> Schedules { get; }

    public Informer<RestoreJobProjection> RestoreJobs { get; }

    /// <summary>By <see cref="SourceKind"/>.</summary>
    public IReadOnlyDictionary<string, OnDemandInformer<WorkloadProjection>> Workloads { get; }

    public IReadOnlyList<IInformer> All { get; }

    public bool HasSynced => All.All(informer => informer.HasSynced);

    /// <summary>Until cancelled. The first informer that faults stops all and is thrown: the process should end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var runs = All.Select(informer => informer.RunAsync(stop.Token)).ToList();
        await Task.WhenAny(runs);
        await stop.CancelAsync();
        await Task.WhenAll(runs);
    }

    public Task WaitForSyncAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(informer => informer.WaitForSyncAsync(cancellationToken)));

    private static OnDemandInformer<WorkloadProjection> Workload(InformerFactory factory, string kind, ResourcePath path) =>
        factory.CreateOnDemand(kind, path, new WorkloadDecoder(), new StoreIndex<WorkloadProjection>(IndexNames.Namespace, workload => workload.Name.Namespace));

    private static string? SourceOf(BackupJobProjection job) =>
        job.Object.Spec.Source is { Name.Length: > 0 } source ? IndexNames.SourceKey(source.Kind ?? "PersistentVolumeClaim", job.Name.Namespace, source.Name) : null;
}
