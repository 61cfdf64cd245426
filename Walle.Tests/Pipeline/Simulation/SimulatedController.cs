using NUnit.Framework;
using Walle.Controller.Kubernetes;
using Walle.Controller.Pipeline;
using Walle.Controller.Projections;
using Walle.Crds;
using Walle.Crds.Conditions;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Simulation;

/// <summary>Walle's side: stores that lag behind the cluster, the gathering of BackupGatherer in a few lines, and writes that may get lost. Checks the rules at each write.</summary>
internal sealed class SimulatedController(Cluster cluster, Random random)
{
    private static readonly SnapshotClassFacts Class = new("snapclass", A.Driver, IsDefault: true);
    private BackupJob? _job;
    private SnapshotProjection? _snapshot;
    private ClaimProjection? _clone;
    private List<JobProjection> _jobs = [];
    private List<PodProjection> _pods = [];
    private ActionFailure? _failure;
    private BackupJobStatus? _result;

    /// <summary>Chance in a hundred that a write fails somehow.</summary>
    public int Faults { get; set; }
    public int Writes { get; private set; }
    public List<string> Log { get; } = [];

    /// <summary>One informer hears of what happened.</summary>
    public void Hear(int kind)
    {
        switch (kind)
        {
            case 0: _job = cluster.BackupJob; break;
            case 1: _snapshot = cluster.Snapshot; break;
            case 2: _clone = cluster.Clone; break;
            case 3: _jobs = [.. cluster.Jobs.Values]; break;
            default: _pods = [.. cluster.Pods.Values]; break;
        }
    }

    public void HearAll()
    {
        for (var kind = 0; kind < 5; kind++)
        {
            Hear(kind);
        }
    }

    /// <summary>Killed and started again: lists everything, remembers nothing.</summary>
    public void Restart()
    {
        _failure = null;
        HearAll();
    }

    /// <returns>Whether something was written, and when to look again.</returns>
    public (bool Wrote, TimeSpan? After) Reconcile()
    {
        if (_job is null || Gather(_job) is not { } observation)
        {
            return (false, _job is null ? null : TimeSpan.FromSeconds(0.5));
        }

        var decision = BackupPipeline.Decide(observation);
        if (BackupJobClient.Differs(_job.Status, decision.Status))
        {
            Write($"status {decision.Status.Phase} {decision.Status.Reason}: {decision.Status.Message}", () => StoreStatus(_job, decision.Status));
            return (true, decision.RequeueAfter);
        }

        if (decision.Action is not { } action)
        {
            return (false, decision.RequeueAfter);
        }

        if (random.Next(100) < Faults / 4 && action is PipelineAction.CreateClone or PipelineAction.CreateJob or PipelineAction.CreateSnapshot)
        {
            _failure = new ActionFailure(Reason.QuotaExceeded, $"exceeded quota: used: pods={random.Next(100)}", IsFinal: false);
            return (true, TimeSpan.FromSeconds(10));
        }

        if (Write(action.GetType().Name, () => Act(action)))
        {
            _failure = null;
        }

        return (true, decision.RequeueAfter);
    }

    private BackupObservation? Gather(BackupJob job)
    {
        var status = job.Status ?? new BackupJobStatus();
        var observation = new BackupObservation { Job = job, Now = cluster.Now, Settings = A.Settings, ActionFailure = _failure, Snapshot = _snapshot, CloneClaim = _clone, Jobs = _jobs, Pods = _pods };
        if (BackupResult.IsKnown(status))
        {
            var none = _snapshot is null && _clone is null && _jobs.Count == 0 && _pods.Count == 0;
            return observation with { ConfirmedGone = none && (status.IsTrue(ConditionTypes.CleanedUp) || cluster is { Snapshot: null, Clone: null, Jobs.Count: 0 }) };
        }

        observation = observation with { Source = cluster.Source, CloneWaitsForConsumer = cluster.WaitsForConsumer };
        if (!status.IsTrue(ConditionTypes.Accepted))
        {
            return observation with { SourceDriver = A.Driver, SnapshotClasses = [Class] };
        }

        var behind = status.IsTrue(ConditionTypes.SnapshotReady) && !status.IsTrue(ConditionTypes.CloneBound) && _clone is null && _snapshot is null && cluster.Snapshot is not null;
        behind |= status.Attempts > 0 && _clone is null && cluster.Clone is not null && !_jobs.Exists(child => child.Name.Name == ResourceNames.BackupJob(A.Uid, status.Attempts.Value));
        return behind ? null : observation;
    }

    /// <summary>False when the caller cannot know that it was done: it was not, or the answer got lost.</summary>
    private bool Write(string what, Action apply)
    {
        Writes++;
        Log.Add($"{cluster.Now:dd HH:mm:ss} {what}");
        var fate = random.Next(100) < Faults ? random.Next(2) : 2;
        if (fate != 0)
        {
            apply();
        }

        return fate == 2;
    }

    private void StoreStatus(BackupJob decidedFrom, BackupJobStatus status)
    {
        if (cluster.BackupJob?.Metadata.ResourceVersion != decidedFrom.Metadata.ResourceVersion)
        {
            return;
        }

        Check(decidedFrom.Status, status);
        cluster.Store(cluster.BackupJob! with { Status = status });
    }

    private void Check(BackupJobStatus? before, BackupJobStatus status)
    {
        foreach (var old in before?.Conditions ?? [])
        {
            Assert.That(status.Find(old.Type)?.LastTransitionTime, Is.GreaterThanOrEqualTo(old.LastTransitionTime), $"the time of {old.Type} went back");
        }

        if (_result is not null)
        {
            var kept = status with { Phase = _result.Phase, Conditions = [.. status.Conditions!.Where(condition => condition.Type != ConditionTypes.CleanedUp)] };
            Assert.That(BackupJobClient.Differs(_result, kept), Is.False, "a result that stands was changed");
        }
        else if (BackupResult.IsKnown(status))
        {
            _result = status;
        }

        Assert.That(!status.IsTrue(ConditionTypes.Complete) || (cluster.SomeWorkerSucceeded && status.Volumes![0].ResticSnapshotId == A.SnapshotId), "a success that no worker reported");
        Assert.That(status.IsTrue(ConditionTypes.Complete) && status.IsTrue(ConditionTypes.Failed), Is.False);
    }

    private void Act(PipelineAction action)
    {
        var job = cluster.BackupJob;
        switch (action)
        {
            case PipelineAction.AddFinalizer when Current(job):
                cluster.Store(job! with { Metadata = job.Metadata with { Finalizers = [WellKnown.Finalizer] } });
                break;
            case PipelineAction.RemoveFinalizer when Current(job):
                cluster.Store(job! with { Metadata = job.Metadata with { Finalizers = null } });
                break;
            case PipelineAction.CreateSnapshot:
                cluster.Snapshot ??= A.Snapshot();
                break;
            case PipelineAction.CreateClone:
                cluster.Clone ??= A.CloneClaim();
                break;
            case PipelineAction.CreateJob create:
                CreateJob(new JobBuilder(create.Manifest.Metadata.Name, "backup"));
                break;
            case PipelineAction.CreateInitJob create:
                CreateJob(new JobBuilder(create.Manifest.Metadata.Name, "init"));
                break;
            case PipelineAction.DeleteJob delete when cluster.Jobs.GetValueOrDefault(delete.Name)?.Uid == delete.Uid:
                cluster.DeleteJob(delete.Name);
                break;
            case PipelineAction.DeleteClone when cluster.Clone is not null:
                Assert.That(cluster.Pods.Values.Any(WorkerOutcome.IsAlive) && _pods.Exists(WorkerOutcome.IsAlive), Is.False, "the clone goes after the worker");
                cluster.Clone = cluster.Clone with { Deleting = true };
                break;
            case PipelineAction.DeleteSnapshot when cluster.Snapshot is not null:
                cluster.Snapshot = cluster.Snapshot with { Deleting = true };
                break;
            default:
                break;
        }
    }

    private bool Current(BackupJob? job) => job is not null && job.Metadata.ResourceVersion == _job?.Metadata.ResourceVersion;

    private void CreateJob(JobBuilder made)
    {
        JobProjection job = made.CreatedAt(cluster.Now);
        if (cluster.Jobs.ContainsKey(job.Name.Name))
        {
            return;
        }

        if (!cluster.JobsWereDeletedByUser)
        {
            Assert.That(cluster.Pods.Values.Where(WorkerOutcome.IsAlive), Is.Empty, "two workers at a time");
            Assert.That(cluster.Jobs.Values.Where(other => !other.Complete && !other.Failed && !cluster.Pods.Values.Any(pod => pod.ControllerUid == other.Uid && !pod.Disrupted)), Is.Empty, "two Jobs that have not ended");
        }

        cluster.Jobs[job.Name.Name] = job with { Uid = $"{job.Uid}-{Writes}" };
    }
}
