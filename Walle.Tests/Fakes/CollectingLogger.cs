using Microsoft.Extensions.Logging;

namespace Walle.Tests.Fakes;

/// <summary>Keeps what was logged, with the fields of the scopes around it.</summary>
internal sealed class CollectingLogger<T> : ILogger<T>
{
    private readonly AsyncLocal<IReadOnlyList<KeyValuePair<string, object?>>> _scope = new();
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_entries)
                return [.. _entries];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        var outer = _scope.Value ?? [];
        _scope.Value = [.. outer, .. state as IReadOnlyList<KeyValuePair<string, object?>> ?? []];
        return new Scope(() => _scope.Value = outer);
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_entries)
            _entries.Add(new Entry(logLevel, formatter(state, exception), exception, (_scope.Value ?? []).ToDictionary()));
    }

    internal sealed record Entry(LogLevel Level, string Text, Exception? Exception, IReadOnlyDictionary<string, object?> Scope);

    private sealed class Scope(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
