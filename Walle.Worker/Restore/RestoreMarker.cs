using System.Text;
using Walle.Crds.Contracts;

namespace Walle.Worker.Restore;

/// <summary>
/// A file in the volume's root while a restore is under way. By it the successor of a killed worker knows its own work, and takes up the same snapshot; and
/// nobody takes a half restored volume for a whole one. What stands in it comes from the volume and is believed only as far as a request would be.
/// </summary>
internal sealed record RestoreMarker(string Owner, string SnapshotId)
{
    private const int MostBytes = 2048;

    public static string PathIn(string folder) => $"{folder}/{WorkerPaths.RestoreMarker}";

    /// <summary>Of any kind: a link of that name counts, too, and is not followed.</summary>
    public static bool Exists(string folder) => NativeFile.Status(PathIn(folder)) is not null;

    /// <returns>Null when there is none, or none of Walle's.</returns>
    public static RestoreMarker? Read(string folder)
    {
        const int TypeBits = 0xF000;
        const int RegularFile = 0x8000;
        if (NativeFile.Status(PathIn(folder)) is not { } status || (status.Mode & TypeBits) != RegularFile)
            return null;
        var buffer = new byte[MostBytes];
        using var file = File.OpenRead(PathIn(folder));
        var lines = Encoding.UTF8.GetString(buffer.AsSpan(0, file.ReadAtLeast(buffer, MostBytes, throwOnEndOfStream: false))).Split('\n');
        return lines is [_, var owner, var snapshot, ..] && Value(owner, "restorejob: ") is { } name && Value(snapshot, "snapshot: ") is { } id ? new RestoreMarker(name, id) : null;
    }

    public void Write(string folder)
    {
        Remove(folder);
        // CreateNew follows no link: whatever else has that name by now is an error.
        using var file = new FileStream(PathIn(folder), FileMode.CreateNew, FileAccess.Write);
        file.Write(Encoding.UTF8.GetBytes($"# This volume is being restored by Walle. While this file is here, its content is not whole.\nrestorejob: {Owner}\nsnapshot: {SnapshotId}\n"));
        file.Flush(flushToDisk: true);
    }

    public static void Remove(string folder) => File.Delete(PathIn(folder));

    private static string? Value(string line, string name) => line.StartsWith(name, StringComparison.Ordinal) ? line[name.Length..].Trim() : null;
}
