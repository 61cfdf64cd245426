using System.Globalization;

namespace Walle.Worker.Restic;

/// <summary>How many processes of this container the kernel has killed for their memory, as its control group counts them.</summary>
internal static class MemoryPressure
{
    private static readonly string[] Counters = ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"];

    public static long Kills(Func<string, IEnumerable<string>> readLines)
    {
        foreach (var counter in Counters)
        {
            try
            {
                foreach (var line in readLines(counter))
                {
                    if (line.StartsWith("oom_kill ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(9), NumberStyles.None, CultureInfo.InvariantCulture, out var kills))
                        return kills;
                }
            }
            catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
            {
                // The other version of control groups, or none at all.
            }
        }
        return 0;
    }
}
