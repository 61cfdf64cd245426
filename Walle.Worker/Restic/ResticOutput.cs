using System.Text;
using System.Text.Json;
using Walle.Worker.Arguments;

namespace Walle.Worker.Restic;

/// <summary>
/// Gathers what restic writes in JSON mode: summary and status on stdout; errors, exit_error and the backend's own plain lines on stderr. Keeps a
/// bounded part of it, whatever comes. Both streams may be fed at once.
/// </summary>
/// <param name="volume">What paths are told relative to.</param>
/// <param name="failing">How a path that failed is told of in the log.</param>
internal sealed class ResticOutput(string volume, string failing = "cannot read")
{
    private const int KeptPaths = 20;
    private const int KeptText = 2048;
    private readonly Lock _lock = new();
    private readonly List<string> _unreadable = [];
    private readonly List<string> _checkErrors = [];

    /// <summary>A status line came.</summary>
    public event Action<ResticProgress>? Progressed;

    /// <summary>A plain line of the backend came: trouble with the repository, or its end.</summary>
    public event Action<string>? BackendSpoke;

    /// <summary>Something worth a line of the log came.</summary>
    public event Action<string>? Noted;

    public ResticSummary? Summary { get; private set; }

    /// <summary>Of <c>restic restore</c>.</summary>
    public RestoreSummary? Restored { get; private set; }

    /// <summary>Of verb init, or from the config.</summary>
    public string? RepositoryId { get; private set; }

    /// <summary>The message that restic ended with.</summary>
    public string? ExitError { get; private set; }

    /// <summary>The last plain line on stderr.</summary>
    public string? LastLine { get; private set; }

    /// <summary>The first message that says the repository, not the source, is at fault.</summary>
    public string? Damage { get; private set; }

    /// <summary>What <c>restic check</c> found, and what it advises; the first few.</summary>
    public IReadOnlyList<string> CheckErrors => _checkErrors;

    /// <summary>Of <c>restic check</c>: how many errors; null before its summary.</summary>
    public long? CheckErrorCount { get; private set; }

    /// <summary>Of <c>restic forget</c> and <c>prune</c>: files that the storage did not delete. restic 0.18 exits 0 all the same (tried).</summary>
    public int UnremovedCount { get; private set; }

    /// <summary>Of <c>restic prune</c>, in bytes.</summary>
    public long? BytesRemoved { get; private set; }

    /// <summary>The first error of a file.</summary>
    public string? FirstFileError { get; private set; }

    public long UnreadableCount { get; private set; }

    public IReadOnlyList<string> Unreadable => _unreadable;

    public void Read(ReadOnlyMemory<byte> line)
    {
        if (line.Length == 0)
            return;
        lock (_lock)
        {
            if (line.Span[0] == (byte)'{' && ReadJson(line))
                return;
            var text = Text(line.Span);
            RepositoryId ??= ConfigId(text);
            if (text.StartsWith("unable to remove ", StringComparison.Ordinal))
                UnremovedCount++;
            BytesRemoved = PruneStatistics.TotalPruned(text) ?? BytesRemoved;
            LastLine = text;
            BackendSpoke?.Invoke(text);
            Noted?.Invoke(text);
        }
    }

    private bool ReadJson(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            switch (String(root, "message_type"))
            {
                case "summary": ReadSummary(root); break;
                case "status": ReadStatus(root); break;
                case "error": ReadError(root); break;
                case "initialized": RepositoryId = Id(root, "id"); break;
                case "exit_error":
                    ExitError = ResticMessage.Clean(Cut(String(root, "message") ?? ""));
                    break;
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void ReadSummary(JsonElement root)
    {
        if (root.TryGetProperty("num_errors", out _))
            CheckErrorCount = Number(root, "num_errors");
        Summary = new ResticSummary(
            Id(root, "snapshot_id"), Number(root, "files_new"), Number(root, "files_changed"), Number(root, "files_unmodified"),
            Number(root, "total_files_processed"), Number(root, "total_bytes_processed"), Number(root, "data_added_packed"));
        Restored = new RestoreSummary(Number(root, "files_restored"), Number(root, "files_skipped"), Number(root, "files_deleted"), Number(root, "bytes_restored"));
    }

    private void ReadStatus(JsonElement root)
    {
        var fraction = root.TryGetProperty("percent_done", out var percent) && percent.ValueKind == JsonValueKind.Number && percent.TryGetDouble(out var done) ? done : 0;
        Progressed?.Invoke(new ResticProgress(
            fraction, Number(root, "files_done") + Number(root, "files_restored"), Number(root, "total_files"),
            Number(root, "bytes_done") + Number(root, "bytes_restored"), Number(root, "total_bytes"), Number(root, "seconds_elapsed")));
    }

    private void ReadError(JsonElement root)
    {
        if (String(root, "message") is { } found)
        {
            if (_checkErrors.Count < KeptPaths)
                _checkErrors.Add(Cut(found.Trim()));
            Noted?.Invoke(Cut(found.Trim()));
            return;
        }
        var message = root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? String(error, "message") ?? "" : "";
        var during = String(root, "during");
        if (message.Contains("the repository could be damaged", StringComparison.Ordinal))
        {
            Damage ??= Cut(message);
            Noted?.Invoke(Cut(message));
            return;
        }
        // A file that vanished or was locked between the scan and the reading shows up again under "archival" if it matters.
        if (during == "scan")
            return;
        var path = Relative(String(root, "item") ?? "");
        UnreadableCount++;
        FirstFileError ??= Cut(message);
        if (_unreadable.Count < KeptPaths)
            _unreadable.Add(Cut(path));
        Noted?.Invoke(Cut($"{failing} {path}: {message}"));
    }

    /// <summary>Paths come whole or relative to the volume, as restic finds it.</summary>
    private string Relative(string item)
    {
        if (item.StartsWith(volume + "/", StringComparison.Ordinal))
            return item[(volume.Length + 1)..];
        return item.StartsWith("./", StringComparison.Ordinal) ? item[2..] : item;
    }

    /// <summary>`restic cat config` prints the config over several lines.</summary>
    private static string? ConfigId(string line) =>
        line.StartsWith("\"id\": \"", StringComparison.Ordinal) && line.Length > 71 && ArgumentRules.IsId(line[7..71]) ? line[7..71] : null;

    private static string? String(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no text. The line still counts.
            return "?";
        }
    }

    private static string? Id(JsonElement element, string name) => String(element, name) is { } id && ArgumentRules.IsId(id) ? id : null;

    private static long Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;

    private static string Text(ReadOnlySpan<byte> line)
    {
        // restic clears the terminal's line before "signal terminated received".
        if (line.StartsWith("\e[2K"u8))
            line = line[4..];
        return Encoding.UTF8.GetString(line.Length > KeptText ? line[..KeptText] : line).Trim();
    }

    private static string Cut(string text) => Result.VisibleText.Cut(text, KeptText);
}
