using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Walle.Controller.Scheduling;

/// <summary>
/// What H in a schedule is made from. The algorithm is part of the API: schedules that moved with an upgrade would leave a day without a backup.
/// It is the first 8 bytes, big-endian, of SHA-256 over the UTF-8 of "namespace/name/purpose/field", modulo the number of values.
/// </summary>
/// <param name="Purpose">backup, prune or check: each has its own H, so that they do not meet.</param>
internal readonly record struct HashSeed(string Namespace, string Name, string Purpose)
{
    public const string Backup = "backup";
    public const string Prune = "prune";
    public const string Check = "check";

    /// <summary>Where a schedule of this purpose stands in a BackupSchedule.</summary>
    public string SpecPath => Purpose == Backup ? "spec.schedule" : $"spec.{Purpose}.schedule";

    /// <summary>A number from 0 up to, and not including, <paramref name="count"/>: the same for ever.</summary>
    public int Pick(string field, int count)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Namespace}/{Name}/{Purpose}/{field}"), hash);
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)count);
    }
}
