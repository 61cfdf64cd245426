using System.Security.Cryptography;
using System.Text;

namespace Walle.Controller.Pipeline;

/// <summary>
/// Deterministic names of temporary objects. A controller that was killed, or that reads an old store, asks for the same name again and gets 409
/// instead of a second snapshot.
/// </summary>
internal static class ResourceNames
{
    private const string Prefix = "walle-";

    // 80 bits of SHA-256: among a million live objects a collision has a chance of one in 10^12.
    private const int HashBytes = 10;

    /// <param name="volume">Of a workload: which of its volumes or dumps. Null for the only one.</param>
    public static string Snapshot(string ownerUid, string? volume = null) => For(ownerUid, Step("snapshot", volume));

    /// <summary>Of all volumes of a workload.</summary>
    public static string GroupSnapshot(string ownerUid) => For(ownerUid, "group-snapshot");

    public static string Clone(string ownerUid, string? volume = null) => For(ownerUid, Step("clone", volume));

    public static string BackupJob(string ownerUid, int attempt, string? volume = null) => For(ownerUid, Step($"backup-{attempt}", volume));

    public static string PlanJob(string ownerUid, int attempt) => For(ownerUid, $"plan-{attempt}");

    public static string RestoreJob(string ownerUid, int attempt) => For(ownerUid, $"restore-{attempt}");

    /// <param name="scheduledFor">Tells one run from the next.</param>
    public static string MaintenanceJob(string ownerUid, string verb, DateTimeOffset scheduledFor, int attempt) => For(ownerUid, $"{verb}-{scheduledFor.ToUnixTimeSeconds()}-{attempt}");

    /// <param name="host">Name of the dead Pod.</param>
    public static string UnlockJob(string ownerUid, string host, int attempt) => For(ownerUid, $"unlock-{host}-{attempt}");

    public static string InitJob(string ownerUid) => For(ownerUid, "init");

    private static string Step(string step, string? volume) => volume is null ? step : $"{step}/{volume}";

    private static string For(string ownerUid, string step) =>
        Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{ownerUid}/{step}")).AsSpan(0, HashBytes));
}
