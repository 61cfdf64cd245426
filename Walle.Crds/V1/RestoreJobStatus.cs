using System.ComponentModel;
using Walle.Crds.Conditions;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

public sealed record RestoreJobStatus
{
    [Description("Generation of the spec that this status belongs to.")]
    public long? ObservedGeneration { get; init; }

    [Description("Where the run stands; derived from the conditions."), MaxLength(32)]
    public string? Phase { get; init; }

    [Description("Reason of the last change, in one CamelCase word."), MaxLength(64)]
    public string? Reason { get; init; }

    [Description("What is happening or what went wrong, and what to do about it."), MaxLength(4096)]
    public string? Message { get; init; }

    [Description("When the controller began.")]
    public DateTimeOffset? StartTime { get; init; }

    [Description("When the result was known.")]
    public DateTimeOffset? CompletionTime { get; init; }

    [Description("From start to completion, for people."), MaxLength(32)]
    public string? Duration { get; init; }

    [Description("How many workers have been started.")]
    public int? Attempts { get; init; }

    [Description("How many of them failed for a reason that counts as a failure of the restore.")]
    public int? FailedAttempts { get; init; }

    [Description("How many workers have been started to choose the snapshot, before the target is made.")]
    public int? PlanAttempts { get; init; }

    [Description("The claim that is made, from target.create and from what the backup recorded.")]
    public PlannedClaim? PlannedClaim { get; init; }

    [Description("Full id of the restic snapshot that is restored."), MaxLength(64)]
    public string? ResticSnapshotId { get; init; }

    [Description("Time of the backup that is restored.")]
    public DateTimeOffset? SnapshotTime { get; init; }

    [Description("UID of the target PersistentVolumeClaim."), MaxLength(64)]
    public string? TargetUid { get; init; }

    [Description("Whether Walle made the target.")]
    public bool? CreatedTarget { get; init; }

    [Description("Files that were written.")]
    public long? FilesRestored { get; init; }

    [Description("Files that were right already and stayed as they were.")]
    public long? FilesSkipped { get; init; }

    [Description("Files that the backup does not hold and that were deleted.")]
    public long? FilesDeleted { get; init; }

    [Description("Bytes that were written, or given to the command.")]
    public long? BytesRestored { get; init; }

    [Description("Whether every file was compared with the backup afterwards.")]
    public bool? Verified { get; init; }

    [Description("Whether owners were restored. A Restricted worker cannot: all files are its own user's.")]
    public bool? OwnershipRestored { get; init; }

    [Description("With target.exec: the worker's Pod that alone may start the command, by its UID. Once it stands here the command may have run, and no other worker is made."), MaxLength(64)]
    public string? CommandWorker { get; init; }

    [Description("With target.exec: the Pod and the container that the command runs in."), MaxLength(320)]
    public string? CommandPod { get; init; }

    [Description("With target.exec: exit code of the command, when it is known.")]
    public int? CommandExitCode { get; init; }

    [Description("With target.exec: SHA-256 of what the command was given."), MaxLength(64)]
    public string? Sha256 { get; init; }

    [Description("What is true about the run."), MaxLength(16), ListMapKey("type")]
    public List<Condition>? Conditions { get; init; }
}
