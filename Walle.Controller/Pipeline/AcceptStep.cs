using Walle.Controller.Projections;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Step 1: can this source be backed up at all? What is found out here is kept in the status and not asked again.</summary>
internal static class AcceptStep
{
    private const int DefaultBindTimeoutSeconds = 600;

    // The claim is read from the API server: nobody promises an event for it.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    /// <summary>The first write of all. Refused (a right is missing), it is tried again for a while: a run without the finalizer could leak its worker.</summary>
    public static PipelineDecision AddFinalizer(BackupObservation observation, BackupJobStatus status)
    {
        if (observation.ActionFailure is not { } failure)
        {
            return new PipelineDecision(status, new PipelineAction.AddFinalizer());
        }

        status = status with { StartTime = status.StartTime ?? ConditionSet.Seconds(observation.Now) };
        var deadline = new Deadline(status.StartTime.Value, TimeSpan.FromSeconds(DefaultBindTimeoutSeconds), observation.Now);
        return failure.IsFinal || deadline.HasPassed
            ? Refuse(observation, status, failure.Reason, failure.Message)
            : new PipelineDecision(BackupPhases.Derive(status.HeldUp(ConditionTypes.Accepted, failure, observation)), new PipelineAction.AddFinalizer());
    }

    public static PipelineDecision? Decide(BackupObservation observation, ref BackupJobStatus status)
    {
        if (status.IsTrue(ConditionTypes.Accepted))
        {
            return null;
        }

        status = status with { StartTime = status.StartTime ?? ConditionSet.Seconds(observation.Now), ObservedGeneration = observation.Job.Metadata.Generation };
        var source = observation.Source;
        if (source is null)
        {
            return Refuse(observation, status, Reason.SourceNotFound,
                $"PersistentVolumeClaim {observation.ClaimName} does not exist in namespace {observation.Namespace}; list the claims with: kubectl -n {observation.Namespace} get pvc");
        }

        if (source.Phase != "Bound" && source.VolumeMode != "Block")
        {
            return WaitForBound(observation, status, source);
        }

        var (volume, refusal) = Check(observation, observation.ClaimName);
        if (refusal is { } wrong)
        {
            return Refuse(observation, status, wrong.Reason, wrong.Message);
        }

        status = status.Reached(ConditionTypes.Accepted, Reason.Accepted, "the source can be backed up", observation) with
        {
            Volumes = [volume! with { VolumeSnapshotName = ResourceNames.Snapshot(observation.Uid) }],
        };
        return null;
    }

    /// <summary>Whether the claim of the observation can be snapshotted and cloned; what is noted of it, or why not.</summary>
    public static (VolumeStatus? Volume, (Reason Reason, string Message)? Refusal) Check(BackupObservation observation, string claimName)
    {
        if (observation.Source is not { } source)
        {
            return (null, (Reason.SourceNotFound, $"PersistentVolumeClaim {claimName} does not exist in namespace {observation.Namespace}; list the claims with: kubectl -n {observation.Namespace} get pvc"));
        }

        if (source.Name.Name == observation.RepositoryClaim)
        {
            return (null, (Reason.InvalidSpec, $"spec.source: PersistentVolumeClaim {source.Name.Name} holds the repository (spec.repository.volume); a repository is not backed up into itself"));
        }

        if (source.VolumeMode == "Block")
        {
            return (null, (Reason.UnsupportedVolumeMode, $"PersistentVolumeClaim {source.Name.Name} has volumeMode Block; Walle backs up file systems (volumeMode Filesystem)"));
        }

        if (observation.SnapshotClasses is null)
        {
            return (null, (Reason.SnapshotApiMissing, "the cluster has no snapshot.storage.k8s.io/v1 API; install the CRDs and the controller of kubernetes-csi/external-snapshotter"));
        }

        if (observation.SourceDriver is null)
        {
            return (null, (Reason.SnapshotUnsupported,
                $"PersistentVolume {source.VolumeName} of claim {source.Name.Name} does not come from a CSI driver and cannot be snapshotted; move the data to a claim of a CSI StorageClass"));
        }

        if (source.StorageClassName == "" && observation.Options.CloneVolume?.StorageClassName is null)
        {
            return (null, (Reason.InvalidSpec,
                $"spec.options.clone.storageClassName: PersistentVolumeClaim {source.Name.Name} has no StorageClass that a temporary volume could be made with; name one of driver {observation.SourceDriver}"));
        }

        var choice = SnapshotClassChoice.Choose(observation.SnapshotClasses, observation.SourceDriver, observation.Options.VolumeSnapshotClassName);
        return choice.ClassName is null
            ? (null, (Reason.SnapshotClassMissing, choice.Problem!))
            : (new VolumeStatus
            {
                ClaimName = source.Name.Name,
                ClaimUid = source.Uid,
                Driver = observation.SourceDriver,
                StorageClassName = source.StorageClassName,
                NodeName = observation.SourceNode,
                Size = source.RequestedSize,
                AccessModes = source.AccessModes is { Count: > 0 } modes ? [.. modes] : null,
                VolumeSnapshotClassName = choice.ClassName,
            }, null);
    }

    private static PipelineDecision WaitForBound(BackupObservation observation, BackupJobStatus status, ClaimProjection source)
    {
        var deadline = new Deadline(status.StartTime ?? observation.Now, TimeSpan.FromSeconds(observation.Options.BindTimeoutSeconds ?? DefaultBindTimeoutSeconds), observation.Now);
        var message = $"PersistentVolumeClaim {source.Name.Name} is {source.Phase ?? "Pending"}, not Bound; see why with: kubectl -n {observation.Namespace} describe pvc {source.Name.Name}";
        return deadline.HasPassed || source.Phase == "Lost"
            ? Refuse(observation, status, Reason.SourceNotBound, message)
            : new PipelineDecision(BackupPhases.Derive(status.Pending(ConditionTypes.Accepted, Reason.SourceNotBound, message, observation)), RequeueAfter: deadline.Remaining < LookAgain ? deadline.Remaining : LookAgain);
    }

    private static PipelineDecision Refuse(BackupObservation observation, BackupJobStatus status, Reason reason, string message) =>
        BackupResult.Fail(observation, status, ConditionTypes.Accepted, reason, message);
}
