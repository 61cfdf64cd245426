using System.ComponentModel;
using Walle.Crds.Conditions;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

public sealed record BackupJobStatus
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

    [Description("What was added to the repository, for people."), MaxLength(32)]
    public string? Added { get; init; }

    [Description("While it waits for a slot: how many BackupJobs are before it, and itself. Looked at every five minutes.")]
    public int? QueuePosition { get; init; }

    [Description("How many workers have been started for the upload.")]
    public int? Attempts { get; init; }

    [Description("How many of them failed for a reason that counts against retryLimit.")]
    public int? FailedAttempts { get; init; }

    [Description("Whether the repository had to be initialised first.")]
    public bool? InitializedRepository { get; init; }

    [Description("Id of the repository, as a worker found it."), MaxLength(64)]
    public string? RepositoryId { get; init; }

    [Description("The volumes of the source."), MaxLength(64), ListMapKey("claimName")]
    public List<VolumeStatus>? Volumes { get; init; }

    [Description("What was backed up from a command's standard output (ros.io/backup-command)."), MaxLength(16), ListMapKey("name")]
    public List<DumpStatus>? Dumps { get; init; }

    [Description("Commands run in the source's Pods before and after the snapshots. What is Started here is written before it is started."), MaxLength(128), ListMapKey("name")]
    public List<HookStatus>? Hooks { get; init; }

    [Description("How often the hooks were begun: again when the controller was restarted, or the connection cut, while a before-hook ran.")]
    public int? HookRounds { get; init; }

    [Description("Seconds from the start of the first before-hook to the end of the last after-hook.")]
    public double? FrozenSeconds { get; init; }

    [Description("Of a source with several volumes, where the server offers VolumeGroupSnapshots: the one that was made, or why none was.")]
    public VolumeGroupSnapshotStatus? VolumeGroupSnapshot { get; init; }

    [Description("Seconds between the first and the last snapshot's cut, of a source with several volumes.")]
    public double? SkewSeconds { get; init; }

    [Description("What is true about the run."), MaxLength(16), ListMapKey("type")]
    public List<Condition>? Conditions { get; init; }
}
