using System.Globalization;

namespace Walle.Tests.Bench;

/// <summary>From /proc/…/status, in bytes.</summary>
internal readonly record struct ProcessMemory(long Anonymous, long PeakResident)
{
    public static ProcessMemory Read() => Read("self");

    /// <summary>Of another process of this user.</summary>
    public static ProcessMemory Read(string process)
    {
        var lines = File.ReadAllLines($"/proc/{process}/status");
        return new ProcessMemory(Value(lines, "RssAnon:"), Value(lines, "VmHWM:"));
    }

    private static long Value(string[] lines, string name) =>
        long.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
}
