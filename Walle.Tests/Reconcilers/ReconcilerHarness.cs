using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Slots;
using Walle.Controller.Projections;
using Walle.Controller.Queue;
using Walle.Controller.Reconcilers;
using Walle.Controller.Reconcilers.Hooks;
using Walle.Crds;
using Walle.Crds.Json;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Reconcilers;

/// <summary>The reconciler and all that it is made of, over the real client and <see cref="FakeApi"/>. The stores are what <see cref="Hear"/> last read.</summary>
internal sealed class ReconcilerHarness : IDisposable
{
    public const string JobPath = "/apis/ros.io/v1/namespaces/shop/backupjobs/before-upgrade";
    public const string SourcePath = "/api/v1/namespaces/shop/persistentvolumeclaims/data";
    public static readonly string SnapshotPath = $"/apis/snapshot.storage.k8s.io/v1/namespaces/shop/volumesnapshots/{ResourceNames.Snapshot(A.Uid)}";
    public static readonly string ClonePath = $"/api/v1/namespaces/shop/persistentvolumeclaims/{ResourceNames.Clone(A.Uid)}";
    public static readonly string WorkerPath = $"/apis/batch/v1/namespaces/shop/jobs/{ResourceNames.BackupJob(A.Uid, 1)}";
    public static readonly ReconcileRequest Request = new("BackupJob", new NamespacedName(A.Namespace, "before-upgrade"));

    private readonly FakeLister<BackupJobProjection> _jobs = new((_, job) => $"{job.Name.Namespace}/{job.Object.Spec.Repository.SecretRef.Name}");
    private readonly FakeLister<ClaimProjection> _claims = new((_, claim) => claim.OwnerUid);
    private readonly FakeLister<SnapshotProjection> _snapshots = new((_, snapshot) => snapshot.OwnerUid);
    private readonly FakeLister<JobProjection> _workers = new((_, job) => job.OwnerUid);
    private readonly FakeLister<PodProjection> _pods = new((_, pod) => pod.OwnerUid);
    private readonly Meter _meter = new("test");
    private readonly k8s.Kubernetes _kubernetes;

    public ReconcilerHarness(BackupJob? job = null)
    {
        Queue = new RateLimitingQueue<ReconcileRequest>(new RateLimitingQueueOptions(), Time, new QueueMetrics<ReconcileRequest>(_meter, Time, request => request.Kind), request => request.Group);
        Slots = new SlotLedger(Limits, Queue, Time);
        _kubernetes = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://fake" }, Api);
        (Hooks, Reconciler) = Start();
        Api.Put(JobPath, JsonSerializer.SerializeToNode(job ?? A.BackupJob().WithoutFinalizer(), CrdJsonContext.Default.BackupJob)!);
        Api.Put(SourcePath, JsonNode.Parse($$"""{"metadata":{"uid":"{{A.ClaimUid}}"},"spec":{"storageClassName":"fast","volumeName":"pv-1","volumeMode":"Filesystem","resources":{"requests":{"storage":"10Gi"} } },"status":{"phase":"Bound"} }""")!);
        Api.Put("/api/v1/persistentvolumes/pv-1", JsonNode.Parse($$"""{"spec":{"csi":{"driver":"{{A.Driver}}","volumeHandle":"1"} } }""")!);
        Api.Put("/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses/std", JsonNode.Parse($$"""{"driver":"{{A.Driver}}","deletionPolicy":"Delete"}""")!);
        Api.Put("/apis/storage.k8s.io/v1/storageclasses/fast", JsonNode.Parse($$"""{"provisioner":"{{A.Driver}}","volumeBindingMode":"Immediate"}""")!);
        Api.Put("/api/v1/namespaces/shop", new JsonObject());
        Hear();
    }

    /// <summary>The process is another one; what was in its memory is gone.</summary>
    public void Restart() => (Hooks, Reconciler) = Start();

    private (HookRunner Hooks, BackupJobReconciler Reconciler) Start()
    {
        var snapshots = new VolumeSnapshotClient(_kubernetes);
        var groups = new VolumeGroupSnapshotClient(_kubernetes);
        var groupReader = new GroupSnapshotReader(groups, snapshots);
        var backupJobs = new BackupJobClient(_kubernetes);
        var hooks = new HookRunner(new HookCommand(_kubernetes, Executor, Time), _ => { }, _meter, NullLogger<HookRunner>.Instance);
        var listers = new BackupListers(_jobs, _claims, _snapshots, _workers);
        var lockHolders = new LockHolderReader(
            _jobs, new FakeLister<RestoreJobProjection>((_, _) => null), new FakeLister<ScheduleProjection>((_, _) => null), new WorkerPodReader(_kubernetes, null), Time);
        var gatherer = new BackupGatherer(
            listers, new WorkerPods(_kubernetes, _pods), new SourceReader(_kubernetes, snapshots), new LeftoverReader(_kubernetes, snapshots, groupReader), groupReader, Slots, new HookGatherer(new WorkloadReader(_kubernetes), hooks),
            lockHolders, A.Settings, Time);
        var lease = new InitializationLease(_kubernetes, "walle-system", Time);
        var reconciler = new BackupJobReconciler(
            listers, gatherer, new BackupActions(_kubernetes, backupJobs, snapshots, groups, lease, hooks, listers), backupJobs,
            new EventRecorder(_kubernetes, Time, NullLogger<EventRecorder>.Instance), new OwnWrites(Time), new UnwrittenProgress(Time), hooks, NullLogger<BackupJobReconciler>.Instance);
        return (hooks, reconciler);
    }

    public static SlotLimits Limits { get; } = new() { Cluster = 1 };

    public RateLimitingQueue<ReconcileRequest> Queue { get; }

    public SlotLedger Slots { get; }

    public FakeApi Api { get; } = new();
    public FakeTimeProvider Time { get; } = new(A.Noon);
    public BackupJobReconciler Reconciler { get; private set; }

    public HookRunner Hooks { get; private set; }
    public FakeExecutor Executor { get; } = new();

    public BackupJobStatus Status => Stored()!.Status ?? new BackupJobStatus();

    public void Dispose()
    {
        _kubernetes.Dispose();
        Queue.Dispose();
        _meter.Dispose();
    }

    public Task<ReconcileResult> ReconcileAsync() => Reconciler.ReconcileAsync(Request, CancellationToken.None);

    /// <summary>Reconciles and lets the stores hear of it, until a reconcile writes nothing.</summary>
    public async Task SettleAsync()
    {
        for (var turn = 0; turn < 30; turn++)
        {
            var before = Api.Writes.Count;
            await ReconcileAsync();
            if (Api.Writes.Count == before)
            {
                return;
            }

            Hear();
        }

        throw new InvalidOperationException($"it goes on writing: {string.Join('\n', Api.Writes)}");
    }

    /// <summary>A run up to the point where the worker's Pod is awaited.</summary>
    public async Task RunToWorkerAsync()
    {
        await SettleAsync();
        Api.Change(SnapshotPath, """{"status":{"boundVolumeSnapshotContentName":"c","readyToUse":true,"creationTime":"2026-11-22T12:00:02Z","restoreSize":"10Gi"}}""");
        Hear();
        await SettleAsync();
        Api.Change(ClonePath, """{"status":{"phase":"Bound"}}""");
        Hear();
        await SettleAsync();
    }

    /// <summary>The worker's Pod, as kubelet shows it.</summary>
    public void ShowPod(PodBuilder? pod)
    {
        _pods.Items.Clear();
        if (pod is not null)
        {
            PodProjection shown = pod.With(shown => shown with { ControllerUid = Api.Objects[WorkerPath]["metadata"]!["uid"]!.GetValue<string>() });
            _pods.Items[shown.Name] = shown;
        }
    }

    public void Hear()
    {
        _jobs.Items.Clear();
        if (Stored() is { } job)
        {
            _jobs.Items[Request.Name] = new BackupJobProjection(job);
        }

        Fill(_claims, "/api/v1/namespaces/shop/persistentvolumeclaims/", item => new ClaimProjection
        {
            Name = NameOf(item), Uid = Text(item, "metadata", "uid")!, ResourceVersion = VersionOf(item), OwnerUid = OwnerLabel(item), ControllerUid = ControllerOf(item),
            Phase = Text(item, "status", "phase") ?? "Pending", StorageClassName = Text(item, "spec", "storageClassName"), RequestedSize = "10Gi",
        });
        Fill(_snapshots, "/apis/snapshot.storage.k8s.io/v1/namespaces/shop/volumesnapshots/", item => new SnapshotProjection
        {
            Name = NameOf(item), Uid = Text(item, "metadata", "uid")!, ResourceVersion = VersionOf(item), OwnerUid = OwnerLabel(item), ControllerUid = ControllerOf(item),
            ReadyToUse = item["status"]?["readyToUse"]?.GetValue<bool>() == true, CreationTime = Text(item, "status", "creationTime") is null ? null : A.Noon.AddSeconds(2), RestoreSize = Text(item, "status", "restoreSize"), BoundContentName = Text(item, "status", "boundVolumeSnapshotContentName"),
        });
        Fill(_workers, "/apis/batch/v1/namespaces/shop/jobs/", item => new JobProjection
        {
            Name = NameOf(item), Uid = Text(item, "metadata", "uid")!, ResourceVersion = VersionOf(item), OwnerUid = OwnerLabel(item), ControllerUid = ControllerOf(item), CreationTimestamp = A.Noon,
            Complete = HasCondition(item, "Complete"), Failed = HasCondition(item, "Failed"),
        });
    }

    private BackupJob? Stored() => Api.Objects.TryGetValue(JobPath, out var stored) ? stored.Deserialize(CrdJsonContext.Default.BackupJob) : null;

    private void Fill<T>(FakeLister<T> lister, string folder, Func<JsonObject, T> project)
        where T : class, IProjection
    {
        lister.Items.Clear();
        foreach (var projection in Api.Objects.Where(pair => pair.Key.StartsWith(folder, StringComparison.Ordinal)).Select(pair => project(pair.Value)))
        {
            lister.Items[projection.Name] = projection;
        }
    }

    private static NamespacedName NameOf(JsonObject item) => new(A.Namespace, Text(item, "metadata", "name")!);

    private static ulong VersionOf(JsonObject item) => ulong.Parse(Text(item, "metadata", "resourceVersion")!, System.Globalization.CultureInfo.InvariantCulture);

    private static bool HasCondition(JsonObject item, string type) =>
        item["status"]?["conditions"]?.AsArray().Any(condition => condition!["type"]!.GetValue<string>() == type) == true;

    private static string? OwnerLabel(JsonObject item) => item["metadata"]?["labels"]?[WellKnown.OwnerUidLabel]?.GetValue<string>();

    private static string? ControllerOf(JsonObject item) => item["metadata"]?["ownerReferences"]?[0]?["uid"]?.GetValue<string>();

    private static string? Text(JsonObject item, string part, string field) => item[part]?[field]?.GetValue<string>();
}
