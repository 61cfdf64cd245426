using System.Globalization;

namespace Walle.Tests.Bench;

internal sealed record InformerBenchReport(
    string Server,
    string Runtime,
    string Client,
    string Curl,
    string Load,
    int Objects,
    double BytesPerObjectOnTheWire,
    Spread CurlSeconds,
    Spread SyncSeconds,
    Spread Ratio,
    Spread CpuSeconds,
    Spread AnonymousBeforeMegaBytes,
    Spread AnonymousGrowthMegaBytes,
    Spread AnonymousGrowthAtSyncMegaBytes,
    Spread PeakResidentMegaBytes,
    Spread BytesPerObjectInTheStore,
    int Collections)
{
    public void Print(double goalMegaBytes, double goalRatio)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            Informer over {Objects} PersistentVolumeClaims of {BytesPerObjectOnTheWire:0} bytes (JSON), pages of 500
            {Client} on .NET {Runtime}, Kubernetes {Server}, {Curl}
            load average at the end: {Load}
                                                     median       min       max
            curl, the same pages (s)              {CurlSeconds.Format("0.000")}
            informer, start to synced (s)         {SyncSeconds.Format("0.000")}
              ratio to curl of the same round     {Ratio.Format("0.00")}   goal <= {goalRatio}
              CPU of the whole process (s)        {CpuSeconds.Format("0.00")}
            RssAnon before (MB)                   {AnonymousBeforeMegaBytes.Format("0.0")}
            RssAnon growth, 2 s after sync (MB)   {AnonymousGrowthMegaBytes.Format("0.0")}   goal <= {goalMegaBytes}
            RssAnon growth, at sync (MB)          {AnonymousGrowthAtSyncMegaBytes.Format("0.0")}
            peak RSS of the process (MB)          {PeakResidentMegaBytes.Format("0.0")}
            live heap per object (bytes)          {BytesPerObjectInTheStore.Format("0")}
            """));
    }
}
