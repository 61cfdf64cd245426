namespace Walle.Worker.Restic;

/// <summary>
/// Decides when restic's own retries have no prospect. restic goes on for a quarter of an hour after a wrong certificate, a wrong key or a full
/// storage alike, and 0.18 can hang for ever once a local repository is full (both tried).
/// </summary>
internal sealed class RepositoryWatchdog : IAsyncDisposable
{
    /// <summary>For what does not mend itself; still long enough for a server that is being set up.</summary>
    private static readonly TimeSpan LongestHopelessGrace = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _time;
    private readonly TimeSpan _openingDeadline;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _expired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _opened;
    private bool _hopeless;
    private DateTimeOffset? _deadline;

    public RepositoryWatchdog(TimeProvider time, TimeSpan openingDeadline)
    {
        _time = time;
        _openingDeadline = openingDeadline;
        _timer = time.CreateTimer(_ => _expired.TrySetResult(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Task Expired => _expired.Task;

    /// <summary>What restic last said about the repository.</summary>
    public string? LastTrouble { get; private set; }

    /// <summary>A status line: the repository is open, and what fails now and then is restic's to retry.</summary>
    public void Progressed()
    {
        lock (_lock)
        {
            _opened = true;
            if (!_hopeless)
                Clear();
        }
    }

    /// <summary>A plain line of restic's backend: "Save(&lt;data/0b0791ca5b&gt;) returned error, retrying after 1s: …".</summary>
    public void BackendSpoke(string line)
    {
        lock (_lock)
        {
            if (line.Contains(") operation successful after ", StringComparison.Ordinal))
            {
                _hopeless = false;
                LastTrouble = null;
                Clear();
                return;
            }
            if (SshTrouble(line) is { } words)
            {
                // ssh ends by itself after it has said why.
                LastTrouble = words;
                return;
            }
            if (Trouble(line) is not { } trouble)
                return;
            LastTrouble = trouble;
            if (FailureText.ReasonOf(trouble) is { } reason && FailureText.IsHopeless(reason, trouble))
            {
                if (!_hopeless)
                    Expect(_openingDeadline < LongestHopelessGrace ? _openingDeadline : LongestHopelessGrace);
                _hopeless = true;
            }
            else if (!_opened && !_hopeless)
            {
                Expect(_openingDeadline);
            }
        }
    }

    public async ValueTask DisposeAsync() => await _timer.DisposeAsync();

    /// <summary>"subprocess /usr/bin/ssh: root@backup: Permission denied (publickey)." restic itself then knows only of an unexpected end.</summary>
    private static string? SshTrouble(string line) =>
        line.StartsWith("subprocess ", StringComparison.Ordinal) && line.IndexOf("ssh: ", StringComparison.Ordinal) is > 0 and var program && FailureText.ReasonOf(line) is not null
            ? line[(program + "ssh: ".Length)..]
            : null;

    private static string? Trouble(string line)
    {
        var retrying = line.IndexOf(") returned error, retrying after ", StringComparison.Ordinal);
        if (retrying >= 0 && line.IndexOf(": ", retrying, StringComparison.Ordinal) is > 0 and var cause)
            return line[(cause + 2)..];
        var failed = line.IndexOf(") failed: ", StringComparison.Ordinal);
        return failed >= 0 ? line[(failed + ") failed: ".Length)..] : null;
    }

    private void Expect(TimeSpan grace)
    {
        var deadline = _time.GetUtcNow() + grace;
        if (deadline >= _deadline)
            return;
        _deadline = deadline;
        _timer.Change(grace, Timeout.InfiniteTimeSpan);
    }

    private void Clear()
    {
        _deadline = null;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
