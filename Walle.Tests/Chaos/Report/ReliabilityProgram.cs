using System.Globalization;
using System.Runtime.InteropServices;

namespace Walle.Tests.Chaos.Report;

/// <summary><c>dotnet run --project Walle.Tests -- reliability [collect]</c>: writes docs/reliability.md, with <c>collect</c> from the results in artifacts/.</summary>
internal static class ReliabilityProgram
{
    public static async Task<int> RunAsync(bool collect)
    {
        if (collect)
        {
            var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, Kubernetes 1.20.2 with the storage double, restic 0.18";
            ReliabilityData.Collect(date, machine).Save();
        }

        await File.WriteAllTextAsync(ReliabilityPage.File, ReliabilityPage.Render(ReliabilityData.Load()));
        return 0;
    }
}
