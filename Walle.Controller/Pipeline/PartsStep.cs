using System.Globalization;
using Walle.Controller.Pipeline.GroupSnapshots;
using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline;

/// <summary>The volumes and dumps of a workload, side by side: each climbs the ladder by itself, and the BackupJob succeeds only if all do.</summary>
internal static class PartsStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    public static PipelineDecision Decide(BackupObservation whole, BackupJobStatus status)
    {
        status = GroupSnapshotStep.Note(whole, status);
        List<(BackupObservation Part, PipelineDecision Decision)> decisions = [];
        // The first one to reach a repository goes alone: if there is none, it is initialised once, and nobody else looks meanwhile.
        var reached = whole.RepositoryReachedAt is not null || (status.Volumes ?? []).Exists(volume => volume.ResticSnapshotId is not null) || (status.Dumps ?? []).Exists(dump => dump.ResticSnapshotId is not null);
        var led = false;
        foreach (var part in whole.Parts.Where(part => !VolumeViews.IsKnown(status, part)))
        {
            var current = VolumeViews.Current(part, status);
            var decision = Climb(current, mayUpload: reached || !led);
            led = true;
            status = VolumeViews.Fold(status, part, decision.Status);
            decisions.Add((current, decision));
        }

        status = Summarise(whole, status);
        return whole.Parts.All(part => VolumeViews.IsKnown(status, part))
            ? End(whole, status)
            : new PipelineDecision(BackupPhases.Derive(status), Choose(decisions), decisions.Min(pair => pair.Decision.RequeueAfter) ?? LookAgain);
    }

    private static PipelineDecision Climb(BackupObservation part, bool mayUpload)
    {
        var status = part.Job.Status!;
        if (part.IsDump)
        {
            if (!mayUpload)
                return new PipelineDecision(BackupPhases.Derive(status));
            return status.Attempts is > 0 ? UploadStep.Decide(part, status) : new PipelineDecision(BackupPhases.Derive(UploadStep.Begin(part, status)));
        }

        if (SnapshotStep.Decide(part, ref status) is { } snapshotting)
            return snapshotting;
        return mayUpload ? CloneStep.Decide(part, ref status) ?? UploadStep.Decide(part, status) : new PipelineDecision(BackupPhases.Derive(status));
    }

    /// <summary>All snapshots at once; else one write, and what was refused last time comes after what was not.</summary>
    private static PipelineAction? Choose(List<(BackupObservation Part, PipelineDecision Decision)> decisions)
    {
        var creates = decisions.Select(pair => pair.Decision.Action).OfType<PipelineAction.CreateSnapshot>().ToList();
        return creates.Count switch
        {
            0 => decisions.OrderBy(pair => pair.Part.ActionFailure is not null).Select(pair => pair.Decision.Action).FirstOrDefault(action => action is not null),
            1 => creates[0],
            _ => new PipelineAction.CreateSnapshots(creates),
        };
    }

    private static BackupJobStatus Summarise(BackupObservation whole, BackupJobStatus status)
    {
        var volumes = whole.Parts.Where(part => !part.IsDump).Select(part => VolumeViews.Volume(status, part)).ToList();
        var uploads = volumes.ConvertAll(volume => volume.Conditions);
        uploads.AddRange(whole.Parts.Where(part => part.IsDump).Select(part => VolumeViews.Dump(status, part).Conditions));
        if (volumes.Count > 0)
        {
            status = Count(whole, status, ConditionTypes.SnapshotReady, volumes.ConvertAll(volume => volume.Conditions), "VolumeSnapshots are ready to use");
            status = Count(whole, status, ConditionTypes.CloneBound, volumes.ConvertAll(volume => volume.Conditions), "temporary volumes are bound");
        }

        status = Count(whole, status, ConditionTypes.Uploaded, uploads, "saved");
        var cuts = volumes.Where(volume => volume.SnapshotTime is not null).Select(volume => volume.SnapshotTime!.Value).ToList();
        var added = volumes.Sum(volume => volume.BytesAdded ?? 0) + (status.Dumps ?? []).Sum(dump => dump.BytesAdded ?? 0);
        var trouble = (status.Volumes ?? []).Select(volume => (volume.Phase, volume.Reason, volume.Message))
            .Concat((status.Dumps ?? []).Select(dump => (dump.Phase, dump.Reason, dump.Message)))
            .FirstOrDefault(part => part.Phase is not (BackupPhase.Succeeded or BackupPhase.Skipped) && part.Reason is not (null or nameof(Reason.InProgress) or nameof(Reason.Waiting)));
        return status with
        {
            Attempts = uploads.Count == 0 ? null : Math.Max((status.Volumes ?? []).Max(volume => volume.Attempts) ?? 0, (status.Dumps ?? []).Max(dump => dump.Attempts) ?? 0) is > 0 and var attempts ? attempts : null,
            SkewSeconds = cuts.Count > 1 && cuts.Count == volumes.Count ? (cuts.Max() - cuts.Min()).TotalSeconds : status.SkewSeconds,
            Added = added > 0 ? Display.Bytes(added) : status.Added,
            Reason = trouble.Reason ?? nameof(Reason.InProgress),
            Message = trouble.Message ?? status.Find(ConditionTypes.Uploaded)?.Message,
        };
    }

    private static BackupJobStatus Count(BackupObservation whole, BackupJobStatus status, string type, List<List<Condition>?> parts, string what)
    {
        var reached = parts.Count(conditions => conditions?.Exists(condition => condition.Type == type && condition.Status == ConditionStatus.True) == true);
        var message = string.Create(CultureInfo.InvariantCulture, $"{reached} of {parts.Count} {what}");
        return reached == parts.Count
            ? status.Reached(type, Reason.Succeeded, message, whole)
            : status.With(type, ConditionStatus.False, Reason.InProgress, message, whole);
    }

    private static PipelineDecision End(BackupObservation whole, BackupJobStatus status)
    {
        var failed = whole.Parts.Where(part => IsFailed(status, part)).ToList();
        if (failed.Count == 0)
        {
            var many = whole.Parts.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" as {whole.Parts.Count} restic snapshots");
            return BackupResult.Succeed(whole, status, $"saved{many}, {status.Added ?? Display.Bytes(0)} added");
        }

        var first = failed[0];
        var (reasonText, message) = first.IsDump
            ? (VolumeViews.Dump(status, first).Reason, $"dump {first.ClaimName}: {VolumeViews.Dump(status, first).Message}")
            : (VolumeViews.Volume(status, first).Reason, $"PersistentVolumeClaim {first.ClaimName}: {VolumeViews.Volume(status, first).Message}");
        var others = whole.Parts.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({failed.Count} of {whole.Parts.Count} parts of the source failed)");
        return BackupResult.Fail(whole, status, Enum.TryParse<Reason>(reasonText, out var reason) ? reason : Reason.ResticFailed, message + others);
    }

    private static bool IsFailed(BackupJobStatus status, BackupObservation part) =>
        (part.IsDump ? VolumeViews.Dump(status, part).Phase : VolumeViews.Volume(status, part).Phase) != BackupPhase.Succeeded;
}
