using Walle.Controller.Pipeline;
using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Simulation;

/// <summary>
/// What the API server holds of one BackupJob, and the controllers that are not Walle's: each call of <see cref="Progress"/> lets one of them take one
/// step. The fate of a run (what never happens in it) is drawn once.
/// </summary>
internal sealed class Cluster(Random random)
{
    private readonly bool _snapshotNeverReady = random.Next(10) == 0;
    private readonly bool _cloneNeverBound = random.Next(10) == 0;
    private readonly bool _imageNeverPulled = random.Next(10) == 0;
    private readonly bool _workerHangs = random.Next(12) == 0;
    private readonly int _luck = random.Next(1, 10);
    private bool _repositoryExists = random.Next(3) > 0;
    private int _pods;

    public DateTimeOffset Now { get; set; } = A.Noon;
    public BackupJob? BackupJob { get; set; } = A.BackupJob().WithoutFinalizer();
    public ulong Version { get; set; } = 100;
    public ClaimProjection? Source { get; set; } = A.Claim();
    public SnapshotProjection? Snapshot { get; set; }
    public ClaimProjection? Clone { get; set; }
    public bool WaitsForConsumer { get; } = random.Next(2) == 0;
    public Dictionary<string, JobProjection> Jobs { get; } = [];
    public Dictionary<string, PodProjection> Pods { get; } = [];
    public bool SomeWorkerSucceeded { get; private set; }

    /// <summary>A user deleted a Job: its Pod may outlive it for a moment.</summary>
    public bool JobsWereDeletedByUser { get; private set; }

    public bool HasLeftovers => Snapshot is not null || Clone is not null || Jobs.Count > 0 || Pods.Count > 0;

    /// <summary>False when no controller has anything to do.</summary>
    public bool Progress()
    {
        Func<bool>[] controllers = [SnapshotController, Provisioner, JobController, Kubelet, GarbageCollector];
        random.Shuffle(controllers);
        return controllers.Any(controller => controller());
    }

    /// <summary>A user or a node does something that nobody asked for.</summary>
    public void Disturb()
    {
        switch (random.Next(9))
        {
            case 0 when Clone is not null: Clone = Clone with { Deleting = true }; break;
            case 1 when Snapshot is not null: Snapshot = Snapshot with { Deleting = true }; break;
            case 2 when Jobs.Count > 0: DeleteJob(Jobs.Keys.First()); JobsWereDeletedByUser = true; break;
            case 3 when Pods.Values.FirstOrDefault(WorkerOutcome.IsAlive) is { } pod: Pods.Remove(pod.Uid); break;
            case 4 when Pods.Values.FirstOrDefault(WorkerOutcome.IsAlive) is { } pod: Pods[pod.Uid] = pod with { Disrupted = true, Phase = "Failed", Reason = "Evicted" }; break;
            case 5 when random.Next(3) == 0: DeleteBackupJob(); break;
            case 6 when random.Next(5) == 0: Source = null; break;
            case 7 when Snapshot is { ReadyToUse: false }: Snapshot = Snapshot with { ErrorMessage = $"error {random.Next(100)}" }; break;
            default: Now += TimeSpan.FromSeconds(random.Next(-20, 60)); break;
        }
    }

    public void DeleteJob(string name)
    {
        if (Jobs.Remove(name, out var job))
        {
            foreach (var pod in Pods.Values.Where(pod => pod.ControllerUid == job.Uid).ToList())
            {
                Pods[pod.Uid] = pod with { Deleting = true };
            }
        }
    }

    public void DeleteBackupJob()
    {
        if (BackupJob is { Metadata.DeletionTimestamp: null } job)
        {
            Store(job with { Metadata = job.Metadata with { DeletionTimestamp = Now } });
        }
    }

    public void Store(BackupJob job)
    {
        job = job with { Metadata = job.Metadata with { ResourceVersion = $"{++Version}" } };
        BackupJob = job.Metadata is { DeletionTimestamp: not null, Finalizers: not { Count: > 0 } } ? null : job;
    }

    private bool SnapshotController()
    {
        switch (Snapshot)
        {
            case { Deleting: true } when Clone is not { Phase: "Pending", Deleting: false }:
                Snapshot = null;
                return true;
            case { Deleting: false, BoundContentName: null }:
                Snapshot = Snapshot with { BoundContentName = "content" };
                return true;
            case { Deleting: false, ReadyToUse: false } when !_snapshotNeverReady:
                Snapshot = Snapshot with { ReadyToUse = true, ErrorMessage = null, CreationTime = Now, RestoreSize = "10Gi" };
                return true;
            default:
                return false;
        }
    }

    private bool Provisioner()
    {
        switch (Clone)
        {
            case { Deleting: true } when !Pods.Values.Any(WorkerOutcome.IsAlive):
                Clone = null;
                return true;
            case { Deleting: false, Phase: "Pending" } when !_cloneNeverBound && Snapshot is { ReadyToUse: true } && (!WaitsForConsumer || Pods.Count > 0):
                Clone = Clone with { Phase = "Bound" };
                return true;
            default:
                return false;
        }
    }

    private bool JobController()
    {
        foreach (var job in Jobs.Values.Where(job => !job.Complete && !job.Failed).ToList())
        {
            var pods = Pods.Values.Where(pod => pod.ControllerUid == job.Uid).ToList();
            if (pods.Find(pod => pod.Phase is "Succeeded" or "Failed" && !pod.Disrupted) is { } ended)
            {
                Jobs[job.Name.Name] = job with { Complete = ended.Phase == "Succeeded", Failed = ended.Phase != "Succeeded", FailedReason = "BackoffLimitExceeded", FinishedAt = Now };
                return true;
            }

            if (pods.TrueForAll(pod => !WorkerOutcome.IsAlive(pod)))
            {
                var pod = new PodBuilder(new JobBuilder(job.Name.Name, job.Verb!)).CreatedAt(Now).With(made => made with { Uid = $"pod-{++_pods}", ControllerUid = job.Uid });
                Pods[$"pod-{_pods}"] = pod;
                return true;
            }
        }

        return false;
    }

    private bool Kubelet()
    {
        foreach (var pod in Pods.Values.Where(WorkerOutcome.IsAlive).ToList())
        {
            var init = pod.Name.Name.StartsWith(ResourceNames.InitJob(A.Uid), StringComparison.Ordinal);
            if (pod.Deleting)
            {
                Pods.Remove(pod.Uid);
                return true;
            }

            if (pod.StartedAt is null)
            {
                if (_imageNeverPulled)
                {
                    continue;
                }

                Pods[pod.Uid] = pod with { Phase = "Running", StartedAt = Now };
                return true;
            }

            if (!_workerHangs)
            {
                Pods[pod.Uid] = init ? EndInit(pod) : EndBackup(pod);
                return true;
            }
        }

        return false;
    }

    private PodProjection EndInit(PodProjection pod)
    {
        _repositoryExists = random.Next(10) < 8;
        return Ended(pod, _repositoryExists ? new PodBuilder(A.InitJob()).Ended(0, """{"exitCode":0}""") : new PodBuilder(A.InitJob()).Failed(1, Reason.RepositoryAccessDenied));
    }

    private PodProjection EndBackup(PodProjection pod)
    {
        var draw = random.Next(10);
        var succeeds = _repositoryExists && draw <= _luck;
        SomeWorkerSucceeded |= succeeds;
        return Ended(pod, succeeds ? A.Pod().Succeeded()
            : !_repositoryExists ? A.Pod().Failed(10, Reason.RepositoryNotFound)
            : random.Next(6) switch
            {
                0 => A.Pod().Failed(1, Reason.RepositoryUnreachable),
                1 => A.Pod().Ended(137, null, "OOMKilled"),
                2 => A.Pod().Ended(0, "garbled"),
                3 => A.Pod().Failed(3, Reason.SourceUnreadable, "some files", A.SnapshotId),
                4 => A.Pod().Failed(12, Reason.WrongPassword),
                _ => A.Pod().Ended(143, """{"exitCode":1,"reason":"Cancelled"}"""),
            });
    }

    private PodProjection Ended(PodProjection pod, PodProjection end) => pod with
    {
        Phase = end.Phase,
        ExitCode = end.ExitCode,
        TerminatedReason = end.TerminatedReason,
        TerminationMessage = end.TerminationMessage,
        FinishedAt = random.Next(4) == 0 ? null : Now,
    };

    private bool GarbageCollector()
    {
        if (BackupJob is null && HasLeftovers)
        {
            (Snapshot, Clone) = (null, null);
            Jobs.Clear();
            Pods.Clear();
            return true;
        }

        return Pods.Values.FirstOrDefault(pod => pod.Deleting && !WorkerOutcome.IsAlive(pod)) is { } gone && Pods.Remove(gone.Uid);
    }
}
