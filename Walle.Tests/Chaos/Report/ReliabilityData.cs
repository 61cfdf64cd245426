using System.Text.Json;
using System.Text.Json.Nodes;
using Walle.Tests.Cluster;

namespace Walle.Tests.Chaos.Report;

/// <summary>docs/reliability.json: what the runs said, added up; docs/reliability.md is made of it and of nothing else but the chapters that are prose.</summary>
internal sealed record ReliabilityData(
    string Date,
    string Machine,
    IReadOnlyList<ScenarioFigures> Crashes,
    IReadOnlyList<FaultResult> Faults,
    IReadOnlyList<FaultResult> Seeds,
    IReadOnlyList<FaultResult> Leaders,
    IReadOnlyList<SoakResult> Soaks,
    JsonNode? Mutants)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string File => RepositoryRoot.Combine("docs", "reliability.json");

    public static ReliabilityData Load() => JsonSerializer.Deserialize<ReliabilityData>(System.IO.File.ReadAllText(File))!;

    public void Save() => System.IO.File.WriteAllText(File, JsonSerializer.Serialize(this, Indented) + "\n");

    /// <summary>From artifacts/: of a point that was run several times, the last.</summary>
    public static ReliabilityData Collect(string date, string machine)
    {
        var results = ChaosReport.Read(nameof(FaultResult)).Select(result => result.Deserialize<FaultResult>()!)
            .GroupBy(result => (result.Kind, result.Scenario, result.Name)).Select(same => same.Last()).ToList();
        return new ReliabilityData(
            date, machine,
            [.. results.Where(result => result.Kind == "crash").GroupBy(result => result.Scenario).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Figures(group.Key, [.. group]))],
            [.. Of("api")], [.. Of("seed").OrderBy(result => result.Name.PadLeft(6, '0'), StringComparer.Ordinal)], [.. Of("leaders")],
            [.. ChaosReport.Read(nameof(SoakResult)).Select(result => result.Deserialize<SoakResult>()!)],
            Artifact("mutants.json"));

        IEnumerable<FaultResult> Of(string kind) => results.Where(result => result.Kind == kind).OrderBy(result => result.Name, StringComparer.Ordinal);
    }

    private static ScenarioFigures Figures(string scenario, IReadOnlyList<FaultResult> results)
    {
        var recording = Recording.Of(scenario);
        return new ScenarioFigures(
            scenario, recording.Calls.Count, results.Count, results.Count(result => result.Struck), results.Count(result => result is { Struck: true, Survived: true }),
            [.. results.Where(result => result is { Struck: false, Survived: true }).Select(result => result.Name)],
            [.. results.Where(result => !result.Survived).Select(result => result.Name)],
            [.. results.Select(result => result.Commit).Distinct().Order(StringComparer.Ordinal)]);
    }

    private static JsonNode? Artifact(string name)
    {
        var path = RepositoryRoot.Combine("artifacts", name);
        return System.IO.File.Exists(path) ? JsonNode.Parse(System.IO.File.ReadAllText(path)) : null;
    }
}
