namespace Walle.Controller.Scheduling;

/// <summary>What to do now: one of the nested types.</summary>
internal abstract record TickAction
{
    private TickAction()
    {
    }

    /// <summary>Nothing.</summary>
    /// <param name="Reason">Null: no tick is due. Otherwise why one that is due does not run, for people.</param>
    internal sealed record Wait(string? Reason = null) : TickAction;

    /// <summary>Start one run. Its name is made from the tick, so the same decision taken again (after a crash) starts no other.</summary>
    /// <param name="Tick">A whole minute.</param>
    /// <param name="MissedCount">How many earlier ticks this run stands for too; <see cref="TickRule.MaxCount"/> is that many or more.</param>
    /// <param name="CancelActive">Cancel the run that is under way first (Replace).</param>
    internal sealed record Run(DateTimeOffset Tick, RunCause Cause, int MissedCount, bool CancelActive) : TickAction;

    /// <summary>Record that ticks were left out.</summary>
    /// <param name="Tick">The last of them.</param>
    /// <param name="Count">How many; <see cref="TickRule.MaxCount"/> is that many or more.</param>
    /// <param name="Reason">For people.</param>
    internal sealed record Missed(DateTimeOffset Tick, int Count, string Reason) : TickAction;
}
