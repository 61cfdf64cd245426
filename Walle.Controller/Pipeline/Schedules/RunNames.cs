using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Walle.Controller.Pipeline.Schedules;

/// <summary>
/// Names of a run's BackupJobs: <c>schedule-minute-source</c>, the minute being that of the tick since 1970 and the source a hash. Whoever decides on the
/// same run again, after a crash or as a second controller, asks for the same name and is answered that it exists.
/// </summary>
internal static class RunNames
{
    // 40 bits of SHA-256: among 10,000 sources of one run a collision has a chance of one in 20,000, and is told as a failure to create.
    private const int HashBytes = 5;

    public static string BackupJob(string schedule, DateTimeOffset tick, string kind, string name)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}/{name}")).AsSpan(0, HashBytes));
        return string.Create(CultureInfo.InvariantCulture, $"{schedule}-{tick.ToUnixTimeSeconds() / 60}-{hash}");
    }
}
