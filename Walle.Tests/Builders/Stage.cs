using Walle.Controller.Pipeline;
using Walle.Crds.V1;

namespace Walle.Tests.Builders;

/// <summary>A BackupJob at each step of the ladder, brought there by the pipeline itself.</summary>
internal static class Stage
{
    private static readonly SnapshotClassFacts Class = new("csi-hostpath-snapclass", A.Driver, IsDefault: true);

    public static BackupObservation Fresh(BackupJob? job = null) => new()
    {
        Job = job ?? A.BackupJob(),
        Now = A.Noon,
        Settings = A.Settings,
        Source = A.Claim(),
        SourceDriver = A.Driver,
        SnapshotClasses = [Class],
    };

    /// <summary>Accepted; the VolumeSnapshot is not there yet.</summary>
    public static BackupObservation Snapshotting(BackupJob? job = null) => Fresh(job).Stored();

    /// <summary>The VolumeSnapshot is ready; the clone is not there yet.</summary>
    public static BackupObservation Cloning(BackupJob? job = null) => (Snapshotting(job) with { Snapshot = A.Snapshot().Ready() }).Stored();

    /// <summary>The clone is Bound; the worker's Job is not there yet.</summary>
    public static BackupObservation Starting(BackupJob? job = null) => (Cloning(job) with { CloneClaim = A.CloneClaim().Bound() }).Stored();

    /// <summary>The worker's Job is there, with no Pod.</summary>
    public static BackupObservation Started(BackupJob? job = null) => Starting(job) with { Jobs = [A.WorkerJob()] };

    public static BackupObservation Uploading(BackupJob? job = null) => Started(job).WithPod(A.Pod().Running()).Stored();

    /// <summary>The result is in the status, and everything temporary is still there.</summary>
    public static BackupObservation Ended(BackupJob? job = null) => Uploading(job).WithPod(A.Pod().Succeeded()).Stored();

    /// <summary>The result is in the status, and nothing temporary is left.</summary>
    public static BackupObservation Clean(BackupJob? job = null) =>
        Ended(job) with { Jobs = [], Pods = [], CloneClaim = null, Snapshot = null, ConfirmedGone = true };

    public static BackupObservation WithPod(this BackupObservation observation, PodBuilder pod) => observation with { Pods = [pod] };

    public static BackupObservation After(this BackupObservation observation, TimeSpan time) => observation with { Now = observation.Now + time };

    public static BackupObservation WithStatus(this BackupObservation observation, BackupJobStatus status) =>
        observation with { Job = observation.Job with { Status = status } };

    public static BackupObservation WithOptions(this BackupObservation observation, BackupOptions options) =>
        observation with { Job = observation.Job with { Spec = observation.Job.Spec with { Options = options } } };

    public static PipelineDecision Decide(this BackupObservation observation) => BackupPipeline.Decide(observation);

    /// <summary>The status that was decided is written.</summary>
    public static BackupObservation Stored(this BackupObservation observation) => observation.WithStatus(observation.Decide().Status);

    /// <summary>The status that was decided is written; of a workload, whose parts were looked at.</summary>
    public static BackupObservation Settled(this BackupObservation observation)
    {
        for (var turn = 0; turn < 5 && observation.Decide().Status is var status && Controller.Kubernetes.BackupJobClient.Differs(observation.Job.Status, status); turn++)
            observation = observation.WithStatus(status);
        return observation;
    }
}
