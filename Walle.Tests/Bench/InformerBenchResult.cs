namespace Walle.Tests.Bench;

/// <summary>What one child has measured; bytes and seconds.</summary>
/// <param name="Cpu">Of the whole process up to the sync.</param>
/// <param name="AnonymousSettled">Two seconds after the sync.</param>
/// <param name="HeapGrowth">Live objects, after a forced collection.</param>
internal sealed record InformerBenchResult(
    int Count,
    double Synced,
    double Cpu,
    long AnonymousBefore,
    long AnonymousAtSync,
    long AnonymousSettled,
    long PeakResident,
    long HeapGrowth,
    int Collections);
