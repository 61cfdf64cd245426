using System.Globalization;
using System.Text.RegularExpressions;

namespace Walle.Controller.Scheduling;

/// <summary>
/// The annotation that asks for a run: a time as in RFC 3339. Each new value is one run; the time also names it. The tick is the time
/// rounded up to the minute, so that the run of a regular tick of the same name began after it was asked for, and answers it; or the minute after
/// the last run, which began before it was asked for.
/// </summary>
internal sealed partial record RunNowRequest(string Value, DateTimeOffset Tick)
{
    /// <summary>How far the clock of whoever asks may be ahead.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>A last run named after a time further ahead came from a clock that was wrong.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    /// <summary>The request that is not answered yet, if there is one, or what is wrong with it.</summary>
    public static (RunNowRequest? Request, string? Problem) Of(TickInput input)
    {
        if (string.IsNullOrEmpty(input.RunNow) || input.RunNow == input.RunNowAnswered)
            return (null, null);
        if (!Rfc3339().IsMatch(input.RunNow) || !DateTimeOffset.TryParse(input.RunNow, CultureInfo.InvariantCulture, out var time) || time.UtcDateTime.Year > 9000)
            return (null, $"{Crds.WellKnown.RunNowAnnotation}: '{input.RunNow}' is not a time; write the time now: $(date -u +%Y-%m-%dT%H:%M:%SZ)");

        var tick = new DateTimeOffset((time.UtcTicks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
        if (input.LastRunTick is { } taken && tick <= taken && taken - input.Now < Ahead)
            tick = taken.AddMinutes(1);
        return time - input.Now > Tolerance
            ? (null, $"{Crds.WellKnown.RunNowAnnotation}: '{input.RunNow}' is in the future; write the time now: $(date -u +%Y-%m-%dT%H:%M:%SZ)")
            : (new RunNowRequest(input.RunNow, tick), null);
    }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Rfc3339();
}
