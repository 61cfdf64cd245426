using System.Text.Json;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Arguments;

namespace Walle.Worker.Restic;

/// <summary>Reads <c>restic snapshots --json</c>: one array, of about a kilobyte for each snapshot.</summary>
internal static class SnapshotList
{
    /// <summary>Of some 100,000 snapshots. More is an error: a choice from half a list could be another backup's.</summary>
    private const int MostBytes = 128 * 1024 * 1024;

    public static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            if (whole.Length + read > MostBytes)
                throw new WorkerException(Reason.ResticFailed, WorkerExitCode.Failure, "the repository's list of snapshots is too long to be read; forget some with: restic forget");
            whole.Write(buffer, 0, read);
        }
        return whole.ToArray();
    }

    public static List<RepositorySnapshot> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                throw new JsonException();
            return [.. document.RootElement.EnumerateArray().Select(Read)];
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new WorkerException(Reason.ResticFailed, WorkerExitCode.Failure, "`restic snapshots` does not answer as restic does");
        }
    }

    private static RepositorySnapshot Read(JsonElement snapshot)
    {
        var summary = snapshot.TryGetProperty("summary", out var found) && found.ValueKind == JsonValueKind.Object ? found : (JsonElement?)null;
        var id = snapshot.GetProperty("id").GetString();
        return new RepositorySnapshot(
            id is not null && ArgumentRules.IsId(id) ? id : throw new FormatException(),
            snapshot.TryGetProperty("original", out var original) ? original.GetString() : null,
            snapshot.GetProperty("time").GetDateTimeOffset(),
            snapshot.TryGetProperty("hostname", out var host) ? host.GetString() ?? "" : "",
            Texts(snapshot, "paths"),
            Texts(snapshot, "tags"),
            summary?.TryGetProperty("backup_start", out var start) == true ? start.GetDateTimeOffset() : null,
            summary is { } counted ? Number(counted, "total_bytes_processed") : null,
            summary is { } files ? Number(files, "total_files_processed") : 0,
            summary is { } folders ? Number(folders, "dirs_new") + Number(folders, "dirs_changed") + Number(folders, "dirs_unmodified") : 0);
    }

    private static List<string> Texts(JsonElement snapshot, string name) =>
        snapshot.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : [];

    private static long Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
