namespace Walle.Tests.Chaos.Report;

/// <summary>The points of one scenario, all in all.</summary>
/// <param name="Calls">Calls with an effect of the run without faults.</param>
/// <param name="Points">Three for each: killed before, killed after, answer lost.</param>
/// <param name="Struck">At which the run arrived, with the fault.</param>
/// <param name="Survived">Of those, that came to the same end with every invariant held.</param>
/// <param name="NotReached">Calls that did not come in that run: what is told in how many steps depends on the cluster's speed.</param>
/// <param name="Failed">Points that did not survive.</param>
/// <param name="Commits">At which they were run.</param>
internal sealed record ScenarioFigures(string Scenario, int Calls, int Points, int Struck, int Survived, IReadOnlyList<string> NotReached, IReadOnlyList<string> Failed, IReadOnlyList<string> Commits);
