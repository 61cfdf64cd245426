namespace Walle.Controller.Pipeline;

/// <summary>A wait that ends: started at a persisted time, so that a restart does not begin it anew.</summary>
internal readonly record struct Deadline(DateTimeOffset Start, TimeSpan Timeout, DateTimeOffset Now)
{
    public bool HasPassed => Now >= Start + Timeout;

    /// <summary>When to look again; at least a second, so that a clock that went back spins nothing.</summary>
    public TimeSpan Remaining => Start + Timeout - Now is var left && left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1);
}
