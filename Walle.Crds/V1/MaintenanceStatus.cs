using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>The last prune or check of a repository: one that waits, is under way, or has ended.</summary>
public abstract record MaintenanceStatus
{
    [Description("The time of its schedule that it is for, or when it was asked for.")]
    public DateTimeOffset? ScheduledFor { get; init; }

    [Description("The annotation ros.io/prune-now or ros.io/check-now that was answered last."), MaxLength(64)]
    public string? RunNow { get; init; }

    [Description("Times of its schedule up to then are not made up for: it was not in the spec, or another one was.")]
    public DateTimeOffset? CountedFrom { get; init; }

    [Description("Since when it waited for the repository: it needs it for itself.")]
    public DateTimeOffset? WaitingSince { get; init; }

    [Description("When it had the repository for itself, and its first worker was made.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("How many workers have been started for it.")]
    public int? Attempts { get; init; }

    [Description("How many of them failed.")]
    public int? FailedAttempts { get; init; }

    [Description("Pods of workers that were killed, and whose locks are being removed from the repository."), MaxLength(16), ItemLimits(MaxLength = 253)]
    public List<string>? Unlocking { get; init; }

    [Description("When it ended; not set while it waits or is under way.")]
    public DateTimeOffset? FinishedAt { get; init; }

    [Description("How it ended: Succeeded, or the reason why not. WaitingForRepository and InProgress before that."), MaxLength(64)]
    public string? Result { get; init; }

    [Description("What it does or waits for; what went wrong, and what to do about it."), MaxLength(1024)]
    public string? Message { get; init; }

    [Description("When one last succeeded.")]
    public DateTimeOffset? LastSuccessfulTime { get; init; }
}
