using NUnit.Framework;

namespace Walle.Tests.Chaos;

/// <summary>The points of a scenario as test cases: with TEST_CHAOS=all (<c>make chaos</c>) every one, else a few that a run of all tests has the time for.</summary>
internal static class CrashPoints
{
    private const string Variable = "TEST_CHAOS";

    public static bool All => Environment.GetEnvironmentVariable(Variable) == "all";

    /// <param name="few">So many points, evenly spread, are in the short run.</param>
    public static IEnumerable<TestCaseData> Of(string scenario, int few)
    {
        if (!Recording.Exists(scenario))
            return [];
        var points = Recording.Of(scenario).Points().ToList();
        return (All ? points : Enumerable.Range(0, few).Select(number => points[((2 * number) + 1) * points.Count / (2 * few)])).Select(point => new TestCaseData(point).SetArgDisplayNames(point.ToString()));
    }
}
