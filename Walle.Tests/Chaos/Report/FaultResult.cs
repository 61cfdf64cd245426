namespace Walle.Tests.Chaos.Report;

/// <summary>One run with faults.</summary>
/// <param name="Kind">The chapter of the report: crash, api, seed, leaders.</param>
/// <param name="Survived">It came to the end without faults, and every invariant held.</param>
/// <param name="Struck">The run came to the moment of the fault.</param>
/// <param name="Writes">Calls with an effect, all in all.</param>
/// <param name="Faults">What struck, in order.</param>
/// <param name="Commit">Of the controller that was run; <see cref="ChaosReport"/> writes it.</param>
internal sealed record FaultResult(string Kind, string Scenario, string Name, bool Survived, bool Struck, int Writes, double Seconds, string Faults, string Commit = "");
