using System.Globalization;

namespace Walle.Tests.Bench;

/// <summary>From /proc/self/status, in bytes.</summary>
internal readonly record struct ProcessMemory(long Anonymous, long PeakResident)
{
    public static ProcessMemory Read()
    {
        var lines = File.ReadAllLines("/proc/self/status");
        return new ProcessMemory(Value(lines, "RssAnon:"), Value(lines, "VmHWM:"));
    }

    private static long Value(string[] lines, string name) =>
        long.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
}
