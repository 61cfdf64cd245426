namespace Walle.Tests.Chaos.Proxy;

/// <summary>One line of a fault program.</summary>
/// <param name="Id">Its name in the trace; with the seed and the call's number it decides whether the fault happens.</param>
/// <param name="Calls">The kind of call, as <see cref="ApiCall.Kind"/>; or <c>writes</c>, <c>reads</c>, <c>watches</c> for all of those.</param>
internal sealed record FaultRule(string Id, string Calls, FaultAction Action)
{
    /// <summary>From this one on, counted among the calls that match while the program is armed; 1 is the first.</summary>
    public int From { get; init; } = 1;

    /// <summary>How often it happens at most.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Of each call from <see cref="From"/> on.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Of <see cref="FaultAction.Delay"/> and <see cref="FaultAction.FreezeWatch"/>.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Of <see cref="FaultAction.Answer"/>.</summary>
    public int Status { get; init; } = 503;

    /// <summary>In seconds; 0: none.</summary>
    public int RetryAfter { get; init; }

    /// <summary>Bytes of <see cref="FaultAction.CutBody"/>, events of those of a watch.</summary>
    public int Count { get; init; } = 1;

    public bool Matches(ApiCall call) => Calls switch
    {
        "writes" => call.IsMutating,
        "reads" => call.Verb is "get" or "list",
        "watches" => call.IsWatch,
        _ => call.Kind == Calls,
    };
}
