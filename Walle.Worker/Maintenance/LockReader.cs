using System.Text.Json;
using Walle.Crds.Contracts;
using Walle.Worker.Arguments;

namespace Walle.Worker.Maintenance;

/// <summary>Whose locks the repository holds. It takes none itself.</summary>
internal sealed class LockReader(MaintenanceRun run)
{
    /// <summary>More than a result has room for is not needed: who looks at them looks again afterwards.</summary>
    private const int Most = 8;
    private const int MostBytes = 64 * 1024;

    /// <returns>An empty list, too, when they cannot be listed.</returns>
    public async Task<List<RepositoryLock>> ReadAsync(CancellationToken stop)
    {
        var ids = (await TextAsync(MaintenanceLine.Locks, stop))?.Split('\n', StringSplitOptions.TrimEntries).Where(ArgumentRules.IsId).ToList() ?? [];
        List<RepositoryLock> locks = [];
        foreach (var id in ids.Take(Most))
        {
            if (await TextAsync(MaintenanceLine.Lock(id), stop) is { } text)
                locks.Add(Parse(id, text));
            else if ((await TextAsync(MaintenanceLine.Locks, stop))?.Contains(id, StringComparison.Ordinal) == true)
                locks.Add(new RepositoryLock { Id = id });
        }
        return locks;
    }

    private async Task<string?> TextAsync(IReadOnlyList<string> line, CancellationToken stop)
    {
        string? text = null;
        var (_, _, failure) = await run.RunAsync(line, stop, logged: false, async stream => text = await ReadAsync(stream));
        return failure is null ? text : null;
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        var text = new char[MostBytes];
        var length = await reader.ReadBlockAsync(text);
        // The rest is read, too: restic would wait for ever to write it.
        await stream.CopyToAsync(Stream.Null);
        return new string(text, 0, length);
    }

    internal static RepositoryLock Parse(string id, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new RepositoryLock
            {
                Id = id,
                Host = root.TryGetProperty("hostname", out var host) && host.GetString() is { Length: > 0 and <= 253 } name ? name : null,
                Time = root.TryGetProperty("time", out var time) && time.TryGetDateTimeOffset(out var taken) ? taken : null,
                Pid = root.TryGetProperty("pid", out var pid) && pid.TryGetInt64(out var number) ? number : null,
                Exclusive = root.TryGetProperty("exclusive", out var exclusive) && exclusive.ValueKind == JsonValueKind.True,
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return new RepositoryLock { Id = id };
        }
    }
}
