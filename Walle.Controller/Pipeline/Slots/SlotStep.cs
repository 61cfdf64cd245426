using Walle.Crds.Conditions;
using Walle.Crds.V1;

namespace Walle.Controller.Pipeline.Slots;

/// <summary>
/// Step 2: a slot. Before the snapshot, so that nobody waits with a snapshot or a clone in hand, which costs money and grows. The slot is in the
/// status before anything is made: after a restart it is known who has one.
/// </summary>
internal static class SlotStep
{
    /// <summary>The next run is due by then. Who has a slot gives it back within the deadlines of its steps, so this is for limits that are far too low.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>So often the place in the queue is written down again.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    /// <summary>Also true for a run that an earlier version of Walle began: it asked for no slot.</summary>
    public static bool IsAdmitted(BackupJobStatus status) =>
        status.IsTrue(ConditionTypes.Admitted) || (status.Find(ConditionTypes.Admitted) is null && status.Find(ConditionTypes.SnapshotReady) is not null);

    /// <summary>It takes a slot: from its admission until nothing temporary is left.</summary>
    public static bool HoldsSlot(BackupJobStatus status) => IsAdmitted(status) && !BackupResult.IsOver(status);

    public static SlotRequest Request(BackupJob job, BackupJobStatus status) => new(
        job.Metadata.Uid ?? "",
        new Kubernetes.NamespacedName(job.Metadata.Namespace ?? "", job.Metadata.Name ?? ""),
        DueAt(job),
        Projections.RepositoryKey.Of(job.Metadata.Namespace, job.Spec.Repository),
        [.. (status.Volumes ?? []).Select(volume => volume.StorageClassName).OfType<string>()],
        [.. (status.Volumes ?? []).Select(volume => volume.NodeName).OfType<string>()]);

    public static PipelineDecision? Decide(BackupObservation observation, ref BackupJobStatus status)
    {
        if (IsAdmitted(status))
        {
            return null;
        }

        var slot = observation.Slot;
        if (slot.IsGiven)
        {
            status = (status with { QueuePosition = null }).Reached(ConditionTypes.Admitted, Reason.Accepted, "the run has a slot", observation)
                .Pending(ConditionTypes.SnapshotReady, Reason.InProgress, "the volume is being snapshotted", observation);
            return null;
        }

        var deadline = new Deadline(status.Since(ConditionTypes.Admitted, observation.Now), Patience, observation.Now);
        var message = $"waits for a slot: number {slot.Position} of {slot.QueueLength}; {slot.WaitsFor}";
        if (deadline.HasPassed)
        {
            return BackupResult.Fail(observation, status, ConditionTypes.Admitted, Reason.SlotTimeout, $"{message} (waited {Display.Duration(Patience)})");
        }

        if (slot.IsNews || status.QueuePosition is null)
        {
            status = status.Pending(ConditionTypes.Admitted, Reason.WaitingForSlot, message, observation) with { QueuePosition = slot.Position };
        }

        return new PipelineDecision(BackupPhases.Derive(status), RequeueAfter: deadline.Remaining < LookAgain ? deadline.Remaining : LookAgain);
    }

    /// <summary>The annotation is the schedule's own; anything else that stands there counts as none.</summary>
    private static DateTimeOffset DueAt(BackupJob job) =>
        job.Metadata.Annotations?.GetValueOrDefault(Crds.WellKnown.ScheduledForAnnotation) is { } text && DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var due)
            ? due
            : job.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue;
}
