using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>One command in one container, before or after the snapshots. The command itself is not kept: it is taken from the annotations only.</summary>
public sealed record HookStatus
{
    [Description("stage/pod/container."), Required, MaxLength(512)]
    public string Name { get; init; } = "";

    [Description("Before or After the snapshots."), Required, MaxLength(32)]
    public string Stage { get; init; } = HookStage.Before;

    [Description("Pod that it runs in."), Required, MaxLength(253)]
    public string Pod { get; init; } = "";

    [Description("UID of the Pod: in another one with the same name nothing is run."), MaxLength(64)]
    public string? PodUid { get; init; }

    [Description("Container that it runs in."), Required, MaxLength(63)]
    public string Container { get; init; } = "";

    [Description("SHA-256 of the command, to tell whether the annotation was changed."), MaxLength(64)]
    public string? CommandHash { get; init; }

    [Description("Pending, Started, Succeeded, Failed, Skipped (its Pod is gone) or Unknown (the controller was restarted meanwhile: it may have run)."), MaxLength(32)]
    public string? Phase { get; init; }

    [Description("Why it failed or was skipped, in one CamelCase word."), MaxLength(64)]
    public string? Reason { get; init; }

    [Description("What went wrong, and what to do about it."), MaxLength(2048)]
    public string? Message { get; init; }

    [Description("Of the command; absent when it is not known.")]
    public int? ExitCode { get; init; }

    [Description("The end of what it printed, without control characters and what looks like credentials."), MaxLength(8192)]
    public string? Output { get; init; }

    [Description("How much it printed, in bytes.")]
    public long? OutputBytes { get; init; }

    [Description("How often it was started: an after-hook that fails is tried again.")]
    public int? Attempts { get; init; }

    [Description("Which run of the controller started it."), MaxLength(64)]
    public string? StartedBy { get; init; }

    [Description("When it was last started.")]
    public DateTimeOffset? StartTime { get; init; }

    [Description("When it ended.")]
    public DateTimeOffset? CompletionTime { get; init; }

    [Description("How long it may take.")]
    public int? TimeoutSeconds { get; init; }

    [Description("Its failure does not fail the backup (ros.io/on-hook-error: Continue).")]
    public bool? ContinueOnError { get; init; }
}
