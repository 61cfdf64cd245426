using Walle.Worker.Restic;

namespace Walle.Worker.Maintenance;

/// <summary>
/// restic takes a lock's holder for alive when any process or thread of this container has the number that stands in the lock, and containers count alike: the
/// worker's own threads are likely to have just that one. Executed anew, the program gets new threads, with numbers that nobody has had in here.
/// </summary>
internal static class Reincarnation
{
    private const string Counter = "WALLE_REINCARNATION";
    private const int Most = 3;

    /// <summary>Whether some process or thread in here has that number.</summary>
    public static bool IsTaken(long pid) => Directory.Exists(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{pid}"));

    /// <summary>Begins the program anew, with the same arguments and environment. Comes back only when that is not possible, or was done too often.</summary>
    public static void Begin()
    {
        var environment = Strings("/proc/self/environ");
        var prefix = Counter + "=";
        var round = environment.Find(entry => entry.StartsWith(prefix, StringComparison.Ordinal)) is { } count && int.TryParse(count.AsSpan(prefix.Length), out var before) ? before + 1 : 1;
        if (round > Most)
            return;
        environment.RemoveAll(entry => entry.StartsWith(prefix, StringComparison.Ordinal));
        _ = NativeMethods.Execute("/proc/self/exe", [.. Strings("/proc/self/cmdline"), null], [.. environment, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{round}"), null]);
    }

    private static List<string> Strings(string file) => [.. File.ReadAllText(file).Split('\0', StringSplitOptions.RemoveEmptyEntries)];
}
