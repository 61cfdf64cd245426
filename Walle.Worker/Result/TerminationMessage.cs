using System.Text.Json;
using Walle.Crds.Contracts;

namespace Walle.Worker.Result;

/// <summary>The result as JSON that kubelet takes whole: at most 4096 bytes, shortened field by field and never in the middle.</summary>
internal static class TerminationMessage
{
    public const int MostBytes = 4096;
    private const int LongestMessage = 1500;
    private const int LongestPath = 300;
    private const int LongestId = 64;

    public static byte[] Serialize(WorkerResult result, Redactor redactor)
    {
        result = result with
        {
            Reason = Fits(result.Reason),
            SnapshotId = Fits(result.SnapshotId),
            ParentId = Fits(result.ParentId),
            RepositoryId = Fits(result.RepositoryId),
            ResticVersion = Fits(result.ResticVersion),
            DurationSeconds = result.DurationSeconds is { } seconds && double.IsFinite(seconds) ? Math.Round(seconds, 3) : null,
            Message = result.Message is { } text ? VisibleText.Cut(VisibleText.Escape(redactor.Redact(text)), LongestMessage) : null,
            Unreadable = result.Unreadable is { Count: > 0 } paths
                ? [.. paths.Select(p => VisibleText.Cut(VisibleText.Escape(redactor.Redact(p)), LongestPath))]
                : null,
        };
        while (true)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(result, ResultJsonContext.Default.WorkerResult);
            if (bytes.Length <= MostBytes)
                return bytes;
            result = Shorten(result);
        }
    }

    /// <param name="path">Kubelet's file must exist already: outside a Pod nothing is made in /dev.</param>
    public static void Write(string path, byte[] message)
    {
        var mode = path == WorkerPaths.TerminationLog ? FileMode.Open : FileMode.OpenOrCreate;
        using var file = new FileStream(path, mode, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
        file.Write(message);
    }

    private static WorkerResult Shorten(WorkerResult result)
    {
        if (result.Claim?.Labels is { Count: > 0 })
            return result with { Claim = result.Claim with { Labels = null } };
        if (result.Missing is { Count: > 1 } missing)
            return result with { Missing = missing[..(missing.Count - 1)] };
        if (result.Locks is { Count: > 1 } locks)
            return result with { Locks = locks[..(locks.Count - 1)] };
        if (result.Unreadable is { Count: > 1 } paths)
            return result with { Unreadable = paths[..(paths.Count - 1)] };
        if (result.Message is { Length: > 200 } message)
            return result with { Message = VisibleText.Cut(message, message.Length * 3 / 4) };
        return result.Unreadable is null ? result with { Message = null } : result with { Unreadable = null };
    }

    private static string? Fits(string? value) => value?.Length <= LongestId ? value : null;
}
