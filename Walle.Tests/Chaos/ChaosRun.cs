using Walle.Tests.Chaos.Proxy;

namespace Walle.Tests.Chaos;

/// <summary>What came of one run of a scenario.</summary>
/// <param name="Calls">The calls with an effect after the preparation, in the order of their answers.</param>
/// <param name="Trace">The faults that struck.</param>
internal sealed record ChaosRun(IReadOnlyList<ApiRecord> Calls, IReadOnlyList<string> Trace, string End, int Kills, double Seconds);
