using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Walle.Controller.Informers;
using Walle.Controller.Projections;

namespace Walle.Tests.Informers;

/// <summary>
/// A small API server for one kind that keeps its history and can misbehave: refuse, expire, drop, repeat, fall silent, cut. After the idea of
/// https://github.com/kubernetes/client-go/blob/master/tools/cache/testing/fake_controller_source.go.
/// </summary>
internal sealed class FakeListerWatcher : IListerWatcher<ClaimProjection>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, ClaimProjection> _objects = new(StringComparer.Ordinal);
    private readonly List<WatchEvent<ClaimProjection>> _history = [];
    private readonly ConcurrentQueue<ListWatchFailure> _listFaults = new();
    private readonly ConcurrentQueue<(ListWatchFailure Failure, TimeSpan? RetryAfter)> _watchFaults = new();
    private readonly Channel<string> _requests = Channel.CreateUnbounded<string>();
    private ChannelWriter<WatchEvent<ClaimProjection>>? _watch;
    private int _toLose;

    /// <summary>resourceVersion of the server.</summary>
    public ulong Version { get; private set; } = 100;

    /// <summary>Watches from before it are answered with 410.</summary>
    public ulong OldestVersion { get; private set; }

    public bool IsServed { get; set; } = true;

    public IReadOnlyList<ClaimProjection> Objects
    {
        get
        {
            lock (_lock)
                return [.. _objects.Values];
        }
    }

    /// <summary>The next list page or pages fail so.</summary>
    public void FailLists(params ListWatchFailure[] failures) => Array.ForEach(failures, _listFaults.Enqueue);

    /// <summary>The next watch is refused.</summary>
    public void FailWatch(ListWatchFailure failure, TimeSpan? retryAfter = null) => _watchFaults.Enqueue((failure, retryAfter));

    /// <summary>The next events happen, but no watch, also no later one, is told.</summary>
    public void LoseEvents(int count) => _toLose = count;

    public ClaimProjection Apply(string name, int incarnation = 0)
    {
        lock (_lock)
        {
            var claim = Claims.Make(name, ++Version, incarnation);
            _objects[name] = claim;
            Send(new(WatchEventKind.Applied, claim, Text(Version)));
            return claim;
        }
    }

    public void Delete(string name)
    {
        lock (_lock)
        {
            _objects.Remove(name, out var claim);
            Send(new(WatchEventKind.Deleted, claim! with { ResourceVersion = ++Version }, Text(Version)));
        }
    }

    /// <summary>Something else than this kind has changed, and the watch is told how far it is.</summary>
    public void Bookmark()
    {
        lock (_lock)
            _watch?.TryWrite(new(WatchEventKind.Bookmark, null, Text(Version += 10)));
    }

    /// <summary>Sends something that never happened.</summary>
    public void SendRaw(WatchEvent<ClaimProjection> watchEvent)
    {
        lock (_lock)
            _watch!.TryWrite(watchEvent);
    }

    public void RepeatLastEvent() => SendRaw(_history[^1]);

    /// <summary>Forgets what happened so far.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            OldestVersion = ++Version;
            _history.Clear();
        }
    }

    /// <summary>The server is restored from an old backup: other objects, an older version.</summary>
    public void Restore(ulong version)
    {
        lock (_lock)
        {
            Version = version;
            OldestVersion = 0;
            _history.Clear();
            _objects.Clear();
        }
    }

    /// <summary>Ends the open watch, in order (null) or with a failure.</summary>
    public void EndWatch(ListWatchFailure? failure = null)
    {
        lock (_lock)
        {
            _watch?.TryComplete(failure is { } known ? new ListWatchException(known, "from the fake server") : null);
            _watch = null;
        }
    }

    /// <summary>The next request: <c>list [limit] [continue]</c>, or <c>watch version</c> (once it is open, if it is accepted).</summary>
    public async Task<string> NextRequestAsync() => await _requests.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public bool HasNoRequest => !_requests.Reader.TryPeek(out _);

    public async Task<ListPage<ClaimProjection>> ListPageAsync(int? limit, string? continueToken, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        _requests.Writer.TryWrite($"list {limit} {continueToken}".TrimEnd());
        if (_listFaults.TryDequeue(out var failure))
            throw new ListWatchException(failure, "from the fake server");
        lock (_lock)
        {
            if (!IsServed)
                throw new ListWatchException(ListWatchFailure.NotServed, "the server could not find the requested resource");
            var skip = continueToken is null ? 0 : int.Parse(continueToken, CultureInfo.InvariantCulture);
            var take = limit ?? int.MaxValue;
            var items = _objects.Values.Skip(skip).Take(take).ToList();
            var isLast = skip + items.Count >= _objects.Count;
            return new ListPage<ClaimProjection>(items, Text(Version), isLast ? null : Text((ulong)(skip + take)));
        }
    }

    public async IAsyncEnumerable<WatchEvent<ClaimProjection>> WatchAsync(string resourceVersion, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var watch = Open(resourceVersion);
        yield return new(WatchEventKind.Opened, null, "");
        await foreach (var watchEvent in watch.ReadAllAsync(cancellationToken))
            yield return watchEvent;
    }

    private ChannelReader<WatchEvent<ClaimProjection>> Open(string resourceVersion)
    {
        lock (_lock)
        {
            try
            {
                if (_watchFaults.TryDequeue(out var fault))
                    throw new ListWatchException(fault.Failure, "from the fake server") { RetryAfter = fault.RetryAfter };
                var since = ulong.Parse(resourceVersion, CultureInfo.InvariantCulture);
                if (since < OldestVersion)
                    throw new ListWatchException(ListWatchFailure.Expired, "too old resource version");
                var watch = Channel.CreateUnbounded<WatchEvent<ClaimProjection>>();
                foreach (var past in _history.Where(past => ulong.Parse(past.ResourceVersion, CultureInfo.InvariantCulture) > since))
                    watch.Writer.TryWrite(past);
                _watch = watch.Writer;
                return watch.Reader;
            }
            finally
            {
                _requests.Writer.TryWrite($"watch {resourceVersion}");
            }
        }
    }

    private void Send(WatchEvent<ClaimProjection> watchEvent)
    {
        if (_toLose > 0)
        {
            _toLose--;
            return;
        }
        _history.Add(watchEvent);
        _watch?.TryWrite(watchEvent);
    }

    private static string Text(ulong version) => version.ToString(CultureInfo.InvariantCulture);
}
