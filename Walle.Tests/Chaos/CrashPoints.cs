using NUnit.Framework;

namespace Walle.Tests.Chaos;

/// <summary>The points of a scenario as test cases: with TEST_CHAOS=all (<c>make chaos</c>) every one, else a few that a run of all tests has the time for.</summary>
internal static class CrashPoints
{
    private const string Variable = "TEST_CHAOS";

    public static bool All => Environment.GetEnvironmentVariable(Variable) == "all";

    /// <param name="every">Of the points, every so many are in the short run; 1: all are.</param>
    public static IEnumerable<TestCaseData> Of(string scenario, int every)
    {
        if (!Recording.Exists(scenario))
            return [];
        var points = Recording.Of(scenario).Points().ToList();
        return (All ? points : points.Where((_, index) => index % every == every / 2)).Select(point => new TestCaseData(point).SetArgDisplayNames(point.ToString()));
    }
}
