namespace Walle.Tests.Chaos.Report;

/// <summary>One point of the matrix.</summary>
/// <param name="Struck">The run came to the point.</param>
/// <param name="Writes">Calls with an effect, all in all.</param>
internal sealed record CrashResult(string Scenario, string Point, bool Struck, int Writes, double Seconds);
