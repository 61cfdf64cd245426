using System.Globalization;
using Walle.Tests.Cluster;

namespace Walle.Tests.Chaos;

/// <summary>What a scenario does when nothing goes wrong, as a file beside the tests: its calls with an effect in their order, and its end.</summary>
internal sealed record Recording(IReadOnlyList<string> Calls, string End)
{
    private const string Divider = "--- end ---";

    public static Recording Of(string scenario)
    {
        var text = File.ReadAllText(PathOf(scenario));
        var parts = text.Split($"{Divider}\n", 2);
        return new Recording(parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries), parts[1]);
    }

    public static bool Exists(string scenario) => File.Exists(PathOf(scenario));

    public void Save(string scenario)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(scenario))!);
        File.WriteAllText(PathOf(scenario), string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', Calls)}\n{Divider}\n{End}"));
    }

    /// <summary>And, at the end, what only the other run did: who deletes what first, Walle or the garbage collector, differs from run to run.</summary>
    public Recording With(Recording other) => this with { Calls = [.. Calls, .. other.Calls.Except(Calls)] };

    /// <summary>Every call, before and after it, and with its answer lost.</summary>
    public IEnumerable<CrashPoint> Points()
    {
        Dictionary<string, int> numbers = [];
        foreach (var call in Calls)
        {
            var number = numbers[call] = numbers.GetValueOrDefault(call) + 1;
            foreach (var side in Enum.GetValues<CrashSide>())
                yield return new CrashPoint(call, number, side);
        }
    }

    private static string PathOf(string scenario) => RepositoryRoot.Combine("Walle.Tests", "Chaos", "Recorded", $"{scenario}.txt");
}
