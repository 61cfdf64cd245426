using System.Text.Json;
using Walle.Controller.Pipeline;
using Walle.Controller.Pipeline.Restore;
using Walle.Controller.Projections;
using Walle.Crds;
using Walle.Crds.Contracts;
using Walle.Crds.Json;
using Walle.Crds.V1;
using Walle.Tests.Builders;

namespace Walle.Tests.Pipeline.Restore;

/// <summary>A RestoreJob at each step of the ladder, brought there by the pipeline itself.</summary>
internal static class RestoreStage
{
    public const string Target = "data-restored";
    public static readonly TargetFacts Bound = new(A.CloneUid, "Bound", Deleting: false, "Filesystem", A.StorageClass, MadeFor: null);
    public static readonly TargetFacts Made = new(A.CloneUid, "Pending", Deleting: false, "Filesystem", A.StorageClass, MadeFor: A.Uid);

    public static readonly WorkerResult Planned = new()
    {
        ExitCode = 0, SnapshotId = A.SnapshotId, SnapshotTime = A.Noon.AddDays(-1), BytesNeeded = 5L << 30,
        Claim = new RecordedClaim { StorageClassName = "slow", Size = "8Gi", AccessModes = ["ReadWriteMany"], Labels = new() { ["app"] = "db", ["part"] = "", ["ros.io/x"] = "y" } },
    };

    public static readonly WorkerResult Restored = new()
    {
        ExitCode = 0, SnapshotId = A.SnapshotId, SnapshotTime = A.Noon.AddDays(-1), FilesRestored = 7, FilesSkipped = 0, FilesDeleted = 1, BytesRestored = 4096, Verified = true, OwnershipRestored = true,
    };

    public static RestoreJob Job(Func<RestoreJobSpec, RestoreJobSpec>? change = null)
    {
        var spec = new RestoreJobSpec
        {
            Repository = new RestoreRepository { SecretRef = new SecretReference { Name = A.Secret } },
            Source = new RestoreSource { ClaimName = A.ClaimName },
            Target = new RestoreTarget { ClaimName = Target },
        };
        return new RestoreJob
        {
            ApiVersion = ApiGroup.ApiVersion,
            Kind = ApiGroup.RestoreJobKind,
            Metadata = new ObjectMeta { Name = "undo", Namespace = A.Namespace, Uid = A.Uid, ResourceVersion = "100", Generation = 1, CreationTimestamp = A.Noon, Finalizers = [WellKnown.Finalizer] },
            Spec = change?.Invoke(spec) ?? spec,
        };
    }

    /// <summary>With target.create: {}.</summary>
    public static RestoreJob Making(NewClaim? create = null, Func<RestoreJobSpec, RestoreJobSpec>? change = null) =>
        Job(spec => (change?.Invoke(spec) ?? spec) with { Target = spec.Target with { Create = create ?? new NewClaim() } });

    public static RestoreObservation Fresh(RestoreJob? job = null) => new()
    {
        Job = job ?? Job(), Now = A.Noon, Settings = A.Settings, Target = (job ?? Job()).Spec.Target.Create is null ? Bound : null,
    };

    /// <summary>Accepted and bound; the worker's Job is not there yet.</summary>
    public static RestoreObservation Starting(RestoreJob? job = null) => Fresh(job).Stored();

    public static RestoreObservation Restoring(RestoreJob? job = null) => Starting(job).WithPod(Restore(), Restore().Pod().Running());

    /// <summary>The snapshot is chosen; the claim is not there yet.</summary>
    public static RestoreObservation Creating(RestoreJob? job = null, WorkerResult? planned = null) =>
        Fresh(job ?? Making()).Stored().WithPod(Plan(), Plan().Pod().Ended(0, Json(planned ?? Planned), "Completed")).Stored();

    public static JobBuilder Plan(int attempt = 1) => new(ResourceNames.PlanJob(A.Uid, attempt), "plan");

    public static JobBuilder Restore(int attempt = 1) => new(ResourceNames.RestoreJob(A.Uid, attempt), "restore");

    public static PodBuilder Pod(this JobBuilder job) => new(job);

    public static string Json(WorkerResult result) => JsonSerializer.Serialize(result, CrdJsonContext.Default.WorkerResult);

    public static RestoreObservation WithPod(this RestoreObservation observation, JobProjection job, PodProjection pod) => observation with { Jobs = [.. observation.Jobs.Where(other => other.Name != job.Name), job], Pods = [pod] };

    public static RestoreObservation After(this RestoreObservation observation, TimeSpan time) => observation with { Now = observation.Now + time };

    public static RestoreDecision Decide(this RestoreObservation observation) => RestorePipeline.Decide(observation);

    /// <summary>The status that was decided is written.</summary>
    public static RestoreObservation Stored(this RestoreObservation observation) => observation with { Job = observation.Job with { Status = observation.Decide().Status } };
}
