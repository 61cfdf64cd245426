using System.Globalization;
using System.Net;
using k8s.Autorest;

namespace Walle.Tests.Storage;

/// <summary>
/// Runs the work of each key by itself, never twice at once: a key that is added while it runs is run again. A key that fails is tried again later and
/// later; it holds up no other.
/// </summary>
internal sealed class KeyQueue(Func<ObjectKey, CancellationToken, Task<TimeSpan?>> work, Action<string> report, CancellationToken stop)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, KeyState> _keys = [];

    public void Add(ObjectKey key)
    {
        lock (_lock)
        {
            var state = StateOf(key);
            state.Dirty = true;
            if (state.Running || stop.IsCancellationRequested)
                return;
            state.Running = true;
        }

        _ = Task.Run(() => RunAsync(key), CancellationToken.None);
    }

    /// <summary>Of several delays the one that ends first holds.</summary>
    public void AddAfter(ObjectKey key, TimeSpan delay)
    {
        var due = TimeProvider.System.GetUtcNow() + delay;
        lock (_lock)
        {
            var state = StateOf(key);
            if (state.Due <= due)
                return;
            state.Due = due;
        }

        _ = WaitAsync(key, delay, due);
    }

    private async Task WaitAsync(ObjectKey key, TimeSpan delay, DateTimeOffset due)
    {
        try
        {
            await Task.Delay(delay, TimeProvider.System, stop);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_lock)
        {
            var state = StateOf(key);
            if (state.Due != due)
                return;
            state.Due = DateTimeOffset.MaxValue;
        }

        Add(key);
    }

    private async Task RunAsync(ObjectKey key)
    {
        while (TryTake(key))
        {
            try
            {
                var again = await work(key, stop);
                lock (_lock)
                    StateOf(key).Failures = 0;
                if (again is { } delay)
                    AddAfter(key, delay);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                int failures;
                lock (_lock)
                    failures = ++StateOf(key).Failures;
                var retry = TimeSpan.FromTicks(Math.Min(LastRetry.Ticks, FirstRetry.Ticks << Math.Min(failures - 1, 10)));
                // What a status says already needs no line here, and an old view is nothing special: the next look sees the new state.
                if (e is not SnapshotException and not HttpOperationException { Response.StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Conflict })
                    report(string.Create(CultureInfo.InvariantCulture, $"{key}: {e.Message} (again in {retry.TotalSeconds} s)"));
                AddAfter(key, retry);
            }
        }
    }

    private bool TryTake(ObjectKey key)
    {
        lock (_lock)
        {
            var state = StateOf(key);
            if (!state.Dirty || stop.IsCancellationRequested)
            {
                state.Running = false;
                if (state is { Failures: 0, Dirty: false } && state.Due == DateTimeOffset.MaxValue)
                    _keys.Remove(key);
                return false;
            }

            state.Dirty = false;
            return true;
        }
    }

    private KeyState StateOf(ObjectKey key)
    {
        if (!_keys.TryGetValue(key, out var state))
            _keys.Add(key, state = new KeyState());
        return state;
    }

    private sealed class KeyState
    {
        public bool Dirty { get; set; }

        public bool Running { get; set; }

        public int Failures { get; set; }

        public DateTimeOffset Due { get; set; } = DateTimeOffset.MaxValue;
    }
}
