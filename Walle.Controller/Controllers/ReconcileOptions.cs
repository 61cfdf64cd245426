namespace Walle.Controller.Controllers;

/// <summary>How the workers work.</summary>
internal sealed record ReconcileOptions
{
    /// <summary>More than there are kinds, so that a slow kind leaves the others a worker.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>A reconcile takes about a second: nothing long is awaited in it. What takes longer hangs in a call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is in work at a stop may end by itself in this time: below the 40 s that the Pod has, with room to release the Lease.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What was cancelled at a stop ends in this time or is left behind.</summary>
    public TimeSpan AbortTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A reconcile that ignores its time-out for so long has taken a worker away for good; only a restart brings it back.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMinutes(5);
}
