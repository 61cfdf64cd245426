using System.Globalization;
using Walle.Crds.Contracts;

namespace Walle.Controller.Pipeline.Maintenance;

/// <summary>Whose locks may be removed: those of dead workers of ours, and only when no other lock is in the way, since then it would help nobody.</summary>
internal static class LockRule
{
    /// <returns>Host names of the dead workers; empty when somebody lives, or is not ours to judge.</returns>
    public static IReadOnlyList<string> Dead(IReadOnlyList<RepositoryLock>? locks, IReadOnlyDictionary<string, LockHolder> holders) =>
        locks is { Count: > 0 } && locks.All(found => found.Host is { } host && holders.GetValueOrDefault(host) == LockHolder.Dead)
            ? [.. locks.Select(found => found.Host!).Distinct()]
            : [];

    /// <summary>Who holds the repository, and what a person may do about it.</summary>
    public static string Advice(IReadOnlyList<RepositoryLock>? locks, IReadOnlyDictionary<string, LockHolder> holders)
    {
        if (locks is not { Count: > 0 })
        {
            return "see who holds the lock with: restic list locks";
        }

        var named = locks.Select(found => found.Host is not { } host
            ? $"a lock file that cannot be read ({found.Id?[..8]})"
            : $"{host} since {found.Time?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}{(holders.GetValueOrDefault(host) == LockHolder.Foreign ? " (no Pod of this cluster)" : "")}");
        return $"locked by {string.Join(", ", named.Take(3))}; if that has ended without giving its lock back, remove it with: restic unlock";
    }
}
