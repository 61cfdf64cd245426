using System.Collections.Concurrent;
using Walle.Controller.Informers;
using Walle.Controller.Projections;

namespace Walle.Tests.Informers;

/// <summary>Records what an informer tells its handlers, and lets a test wait for it without sleeping.</summary>
internal sealed class ChangeLog<T>
    where T : class, IProjection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _changed = new(0);

    public ChangeLog(Informer<T> informer) => informer.AddHandler(Record);

    /// <summary>+name, ~name or -name, in order.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Waits until the line has been recorded.</summary>
    public async Task WaitForAsync(string line)
    {
        while (!_lines.Contains(line))
        {
            if (!await _changed.WaitAsync(Patience))
                throw new TimeoutException($"'{line}' did not come; came: {string.Join(' ', _lines)}");
        }
    }

    private void Record(T? old, T? @new)
    {
        var sign = old is null ? '+' : @new is null ? '-' : '~';
        _lines.Enqueue($"{sign}{(@new ?? old)!.Name.Name}");
        _changed.Release();
    }
}
