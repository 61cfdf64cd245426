using Walle.Controller.Pipeline.GroupSnapshots;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>Step 1 for a workload: all of its claims can be backed up, or none is begun. What is not wanted says so itself, and nothing is left out in silence.</summary>
internal static class WorkloadAcceptStep
{
    private const int DefaultBindTimeoutSeconds = 600;
    private const int MostVolumes = 64;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    public static PipelineDecision? Decide(BackupObservation observation, ref BackupJobStatus status)
    {
        if (status.IsTrue(ConditionTypes.Accepted))
            return null;
        status = status with { StartTime = status.StartTime ?? ConditionSet.Seconds(observation.Now), ObservedGeneration = observation.Job.Metadata.Generation };
        var source = observation.Job.Spec.Source;
        if (observation.Workload is not { } workload)
        {
            return Refuse(observation, status, Reason.SourceNotFound,
                $"{source.Kind} {source.Name} does not exist in namespace {observation.Namespace}; see: kubectl -n {observation.Namespace} get {source.Kind}");
        }

        if (observation.Plan?.Problem is { } problem)
            return Refuse(observation, status, problem.Reason, problem.Message);

        List<VolumeStatus> volumes = [];
        if (observation.Plan?.InsteadOfVolumes != true)
        {
            if (Volumes(observation, ref status, volumes) is { } decision)
                return decision;
        }

        List<DumpStatus> dumps = [];
        if (observation.Plan?.Dump is { } dump)
            dumps.Add(new DumpStatus { Name = dump.FileName, Path = Crds.Contracts.WorkerPaths.Dump(observation.Namespace, workload.Name, dump.FileName), Pod = dump.Pod, Container = dump.Container });
        if (dumps.Count == 0 && volumes.TrueForAll(volume => volume.Phase == BackupPhase.Skipped))
        {
            var left = volumes.Count == 0 ? "no PersistentVolumeClaim" : $"only PersistentVolumeClaims that are left out ({string.Join(", ", volumes.Select(volume => volume.ClaimName))})";
            return Refuse(observation, status, Reason.NothingToBackUp, $"{source.Kind} {source.Name} has {left} and no annotation {Crds.HookAnnotation.Dump}");
        }

        var group = GroupSnapshotChoice.Choose(observation, volumes);
        if (group?.Name is not null)
        {
            // The snapshot controller names the members.
            volumes = volumes.ConvertAll(volume => volume with { VolumeSnapshotName = null, VolumeSnapshotClassName = null });
        }

        status = status.Reached(ConditionTypes.Accepted, Reason.Accepted, "the source can be backed up", observation) with
        {
            Volumes = volumes.Count > 0 ? volumes : null,
            Dumps = dumps.Count > 0 ? dumps : null,
            VolumeGroupSnapshot = group,
            Reason = nameof(Reason.InProgress),
            Message = dumps.Count > 0 && volumes.Count == 0 ? "the dump is being taken" : "the volumes are being snapshotted",
        };
        foreach (var part in VolumeViews.Of(observation, status).Where(part => !part.IsDump))
            status = VolumeViews.Fold(status, part, part.Job.Status!.Pending(ConditionTypes.SnapshotReady, Reason.InProgress, "the volume is being snapshotted", part));
        return null;
    }

    private static PipelineDecision? Volumes(BackupObservation observation, ref BackupJobStatus status, List<VolumeStatus> volumes)
    {
        if (observation.Claims.Count > MostVolumes)
            return Refuse(observation, status, Reason.InvalidSpec, $"{observation.ClaimName} has {observation.Claims.Count} PersistentVolumeClaims; at most {MostVolumes} are backed up as one: name its Pods one by one");
        var wanted = observation.Job.Spec.Source.ClaimNames;
        if (wanted?.Find(name => !observation.Claims.Any(claim => claim.Name == name)) is { } foreign)
            return Refuse(observation, status, Reason.SourceNotFound, $"spec.source.claimNames: {observation.ClaimName} has no PersistentVolumeClaim {foreign}; it has {string.Join(", ", observation.Claims.Select(claim => claim.Name))}");
        foreach (var candidate in observation.Claims)
        {
            if (wanted is { Count: > 0 } && !wanted.Contains(candidate.Name))
            {
                volumes.Add(Skipped(candidate, "not in spec.source.claimNames"));
                continue;
            }

            if (candidate.OptedOut)
            {
                volumes.Add(Skipped(candidate, $"left out by its annotation {Crds.HookAnnotation.Backup}"));
                continue;
            }

            if (observation.Workload!.EphemeralClaims.Contains(candidate.Name))
            {
                volumes.Add(Skipped(candidate, "a generic ephemeral volume: it goes with its Pod"));
                continue;
            }

            if (candidate.Claim is { Phase: not "Bound", VolumeMode: not "Block" } unbound)
                return WaitForBound(observation, status, unbound.Name.Name, unbound.Phase);
            var view = observation with { Source = candidate.Claim, SourceDriver = candidate.Driver };
            var (volume, refusal) = AcceptStep.Check(view, candidate.Name);
            if (refusal is { } wrong)
                return Refuse(observation, status, wrong.Reason, $"{wrong.Message}; or leave it out with: kubectl -n {observation.Namespace} annotate pvc {candidate.Name} {Crds.HookAnnotation.Backup}=false");
            volumes.Add(volume! with { VolumeSnapshotName = ResourceNames.Snapshot(observation.Uid, candidate.Name) });
        }

        return null;
    }

    private static VolumeStatus Skipped(SourceClaim claim, string message) =>
        new() { ClaimName = claim.Name, ClaimUid = claim.Claim?.Uid, Phase = BackupPhase.Skipped, Reason = nameof(Reason.Excluded), Message = message };

    private static PipelineDecision WaitForBound(BackupObservation observation, BackupJobStatus status, string claim, string? phase)
    {
        var deadline = new Deadline(status.StartTime ?? observation.Now, TimeSpan.FromSeconds(observation.Options.BindTimeoutSeconds ?? DefaultBindTimeoutSeconds), observation.Now);
        var message = $"PersistentVolumeClaim {claim} is {phase ?? "Pending"}, not Bound; see why with: kubectl -n {observation.Namespace} describe pvc {claim}";
        return deadline.HasPassed || phase == "Lost"
            ? Refuse(observation, status, Reason.SourceNotBound, message)
            : new PipelineDecision(BackupPhases.Derive(status.Pending(ConditionTypes.Accepted, Reason.SourceNotBound, message, observation)), RequeueAfter: deadline.Remaining < LookAgain ? deadline.Remaining : LookAgain);
    }

    private static PipelineDecision Refuse(BackupObservation observation, BackupJobStatus status, Reason reason, string message) =>
        BackupResult.Fail(observation, status, ConditionTypes.Accepted, reason, message);
}
