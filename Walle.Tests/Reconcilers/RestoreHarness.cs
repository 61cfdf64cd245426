using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Projections;
using Walle.Controller.Reconcilers;
using Walle.Controller.Reconcilers.Hooks;
using Walle.Crds;
using Walle.Crds.Json;
using Walle.Crds.V1;
using Walle.Tests.Builders;
using Walle.Tests.Pipeline.Restore;

namespace Walle.Tests.Reconcilers;

/// <summary>The reconciler of RestoreJobs and all that it is made of, over the real client and <see cref="FakeApi"/>.</summary>
internal sealed class RestoreHarness : IDisposable
{
    public const string JobPath = "/apis/ros.io/v1/namespaces/shop/restorejobs/undo";
    public const string TargetPath = $"/api/v1/namespaces/shop/persistentvolumeclaims/{RestoreStage.Target}";
    public static readonly string PlanPath = $"/apis/batch/v1/namespaces/shop/jobs/{ResourceNames.PlanJob(A.Uid, 1)}";
    public static readonly string WorkerPath = $"/apis/batch/v1/namespaces/shop/jobs/{ResourceNames.RestoreJob(A.Uid, 1)}";
    private static readonly ReconcileRequest Request = new("RestoreJob", new NamespacedName(A.Namespace, "undo"));

    private readonly FakeLister<RestoreJobProjection> _jobs = new((_, job) => job.Uid);
    private readonly FakeLister<JobProjection> _workers = new((_, job) => job.OwnerUid);
    private readonly FakeLister<PodProjection> _pods = new((_, pod) => pod.OwnerUid);
    private readonly k8s.Kubernetes _kubernetes;

    public RestoreHarness(RestoreJob job)
    {
        _kubernetes = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://fake" }, Api);
        var listers = new RestoreListers(_jobs, _workers);
        var client = new RestoreJobClient(_kubernetes);
        var source = new SourceReader(_kubernetes, new VolumeSnapshotClient(_kubernetes));
        var lockHolders = new LockHolderReader(
            new FakeLister<BackupJobProjection>((_, _) => null), _jobs, new FakeLister<ScheduleProjection>((_, _) => null), new WorkerPodReader(_kubernetes, null), Time);
        Reconciler = new RestoreJobReconciler(
            listers, new RestoreGatherer(listers, new WorkerPods(_kubernetes, _pods), new TargetReader(_kubernetes), source, new WorkloadReader(_kubernetes), lockHolders, A.Settings, Time), new RestoreActions(_kubernetes, client, listers), client,
            new EventRecorder(_kubernetes, Time, NullLogger<EventRecorder>.Instance), new OwnWrites(Time), NullLogger<RestoreJobReconciler>.Instance);
        Api.Put(JobPath, JsonSerializer.SerializeToNode(job with { Metadata = job.Metadata with { Finalizers = null } }, CrdJsonContext.Default.RestoreJob)!);
        Api.Put("/apis/storage.k8s.io/v1/storageclasses/fast", JsonNode.Parse($$"""{"provisioner":"{{A.Driver}}","volumeBindingMode":"Immediate"}""")!);
        Api.Put("/apis/storage.k8s.io/v1/storageclasses/slow", JsonNode.Parse($$"""{"provisioner":"{{A.Driver}}","volumeBindingMode":"Immediate"}""")!);
        Api.Put("/api/v1/namespaces/shop", new JsonObject());
        Hear();
    }

    public FakeApi Api { get; } = new();
    public FakeTimeProvider Time { get; } = new(A.Noon);
    public RestoreJobReconciler Reconciler { get; }

    public RestoreJobStatus Status => Api.Objects[JobPath].Deserialize(CrdJsonContext.Default.RestoreJob)!.Status ?? new RestoreJobStatus();

    public void Dispose() => _kubernetes.Dispose();

    public void PutTarget(string phase) => Api.Put(TargetPath, JsonNode.Parse($$"""{"metadata":{"uid":"{{A.CloneUid}}"},"spec":{"storageClassName":"fast","volumeMode":"Filesystem"},"status":{"phase":"{{phase}}"} }""")!);

    public void PutPod(string name, string phase, string claim = RestoreStage.Target) => Api.Put(
        $"/api/v1/namespaces/shop/pods/{name}", JsonNode.Parse($$"""{"spec":{"containers":[],"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"{{claim}}"} } ] },"status":{"phase":"{{phase}}"} }""")!);

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

    /// <summary>The Pod of a worker, ended with this result.</summary>
    public async Task EndAsync(string workerPath, JobBuilder job, string result, int exitCode = 0)
    {
        PodProjection shown = job.Pod().Ended(exitCode, result, exitCode == 0 ? "Completed" : "Error").With(pod => pod with { ControllerUid = Api.Objects[workerPath]["metadata"]!["uid"]!.GetValue<string>() });
        _pods.Items[shown.Name] = shown;
        // One reconcile writes the result; the Pod goes with its Job.
        for (var turn = 0; turn < 30 && Api.Objects.ContainsKey(workerPath) && Status.CompletionTime is null; turn++)
        {
            var before = Api.Writes.Count;
            await ReconcileAsync();
            Hear();
            if (Api.Writes.Count == before)
            {
                break;
            }
        }

        _pods.Items.Clear();
    }

    public void Hear()
    {
        _jobs.Items.Clear();
        if (Api.Objects.TryGetValue(JobPath, out var stored))
        {
            _jobs.Items[Request.Name] = new RestoreJobProjection(stored.Deserialize(CrdJsonContext.Default.RestoreJob)!);
        }

        _workers.Items.Clear();
        foreach (var (path, job) in Api.Objects.Where(pair => pair.Key.StartsWith("/apis/batch/v1/namespaces/shop/jobs/", StringComparison.Ordinal)))
        {
            var metadata = job["metadata"]!;
            var name = new NamespacedName(A.Namespace, path[(path.LastIndexOf('/') + 1)..]);
            _workers.Items[name] = new JobProjection
            {
                Name = name, Uid = metadata["uid"]!.GetValue<string>(), ResourceVersion = ulong.Parse(metadata["resourceVersion"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture),
                OwnerUid = metadata["labels"]![WellKnown.OwnerUidLabel]!.GetValue<string>(), ControllerUid = metadata["ownerReferences"]![0]!["uid"]!.GetValue<string>(), CreationTimestamp = A.Noon,
            };
        }
    }
}
