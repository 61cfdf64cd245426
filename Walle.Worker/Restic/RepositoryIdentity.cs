using Walle.Worker.Arguments;

namespace Walle.Worker.Restic;

/// <summary>
/// The repository's id from the name of restic's cache folder: `restic backup --json` does not tell it, and `restic cat config` would cost each backup
/// another process and another round of requests (0.4 s of CPU, since each derives the key anew).
/// </summary>
internal static class RepositoryIdentity
{
    /// <returns>Null when there is no cache, or that of several repositories: then nobody knows which.</returns>
    public static string? Of(string cacheDirectory)
    {
        try
        {
            return Directory.EnumerateDirectories(cacheDirectory).Select(path => Path.GetFileName(path)!).Where(ArgumentRules.IsId).Take(2).ToList() is [var only] ? only : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
