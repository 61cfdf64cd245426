using System.ComponentModel;
using Walle.Crds.Schema;

namespace Walle.Crds.V1;

/// <summary>How a restore runs.</summary>
public sealed record RestoreOptions
{
    [Description("Download at most this many KiB a second; 0 is no limit."), DefaultValue(0), Range(0, 1_000_000_000)]
    public int? LimitDownloadKiBps { get; init; }

    [Description("How long to wait for the target to be bound, and for a Pod that is being deleted to let go of it."), DefaultValue(600), Range(10, 86_400)]
    public int? BindTimeoutSeconds { get; init; }

    [Description("How long to wait for the worker to start."), DefaultValue(300), Range(10, 86_400)]
    public int? StartTimeoutSeconds { get; init; }

    [Description("How long the restore may take, with all retries."), DefaultValue(21_600), Range(30, 604_800)]
    public int? ActiveDeadlineSeconds { get; init; }

    [Description("How often a failed restore is tried again; evictions do not count."), DefaultValue(2), Range(0, 10)]
    public int? RetryLimit { get; init; }

    [Description("Delete the RestoreJob this long after it ended; default: keep it. What was restored stays."), Range(0, 31_536_000)]
    public int? TtlSecondsAfterFinished { get; init; }

    [Description("The worker's Pod. Baseline restores owners as well (uid 0 with the capabilities for it); a Restricted worker makes all files its own user's.")]
    public WorkerOptions? Worker { get; init; }
}
