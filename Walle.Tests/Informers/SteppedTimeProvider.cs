using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Walle.Tests.Informers;

/// <summary>
/// A clock that stands still, and tells when somebody begins to wait. Advancing it only after the wait has begun takes the race out of tests with
/// back-off, without a sleep.
/// </summary>
internal sealed class SteppedTimeProvider : FakeTimeProvider
{
    /// <summary>Shorter timers are back-off; watchdogs and page timeouts are longer (see InformerHarness).</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<TimeSpan> _delays = Channel.CreateUnbounded<TimeSpan>();
    private readonly Channel<TimeSpan> _watchdogs = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        (dueTime <= LongestDelay ? _delays : _watchdogs).Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits for the next back-off to begin and lets it pass.</summary>
    public async Task<TimeSpan> PassDelayAsync()
    {
        var delay = await NextDelayAsync();
        Advance(delay);
        return delay;
    }

    /// <summary>Waits for the next back-off to begin.</summary>
    public async Task<TimeSpan> NextDelayAsync() => await _delays.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>No back-off has begun that the test has not seen.</summary>
    public bool HasNoDelay => !_delays.Reader.TryPeek(out _);
}
