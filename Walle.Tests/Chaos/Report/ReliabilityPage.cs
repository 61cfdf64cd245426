using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Walle.Tests.Cluster;

namespace Walle.Tests.Chaos.Report;

/// <summary>docs/reliability.md: the figures from <see cref="ReliabilityData"/>, the prose from the files beside this one.</summary>
internal static class ReliabilityPage
{
    /// <summary>Of fewer runs a bound would say nothing.</summary>
    private const int FewestForABound = 30;

    public static string File => RepositoryRoot.Combine("docs", "reliability.md");

    public static string Render(ReliabilityData data)
    {
        var text = new StringBuilder();
        text.Append(Prose("introduction"));
        Line(text, $"\nPut together on {data.Date}: {data.Machine}. Beside each result stands the commit that was run.\n");
        Crashes(text, data.Crashes);
        Faults(text, "## An API server that misbehaves", "One fault at a time while a first backup runs. It came to the same end as without:", data.Faults);
        Seeds(text, data.Seeds);
        Faults(text, "## Two controllers", "The leader is stopped (SIGSTOP) when it has made the call named here, until another one leads and has finished the backup; then it goes on. It wrote nothing more, and ended:", data.Leaders);
        Soaks(text, data.Soaks);
        Mutants(text, data.Mutants);
        text.Append(Prose("found"));
        text.Append(Prose("not-covered"));
        return text.ToString();
    }

    private static void Crashes(StringBuilder text, IReadOnlyList<ScenarioFigures> crashes)
    {
        if (crashes.Count == 0)
            return;
        text.Append(Prose("crashes"));
        text.Append("\n| Scenario | Calls | Points run | Struck | Survived | Not reached | Commit |\n|---|---|---|---|---|---|---|\n");
        foreach (var scenario in crashes)
            Line(text, $"| {scenario.Scenario} | {scenario.Calls} | {scenario.Points} of {3 * scenario.Calls} | {scenario.Struck} | {scenario.Survived} | {scenario.NotReached.Count} | {string.Join(", ", scenario.Commits)} |");
        var (struck, survived) = (crashes.Sum(scenario => scenario.Struck), crashes.Sum(scenario => scenario.Survived));
        Line(text, $"\n**{survived} of {struck}** points that were struck came to the same end with every invariant held.");
        foreach (var scenario in crashes.Where(scenario => scenario.Failed.Count > 0))
            Line(text, $"\nNot so: {scenario.Scenario}: {string.Join(", ", scenario.Failed)}.");
    }

    private static void Faults(StringBuilder text, string title, string introduction, IReadOnlyList<FaultResult> results)
    {
        if (results.Count == 0)
            return;
        Line(text, $"\n{title}\n\n{introduction} **{results.Count(result => result.Survived)} of {results.Count}**.\n");
        text.Append("| Fault | Survived | Writes | Commit |\n|---|---|---|---|\n");
        foreach (var result in results)
            Line(text, $"| {result.Name} | {(result.Survived ? "yes" : "no")} | {result.Writes} | {result.Commit} |");
    }

    private static void Seeds(StringBuilder text, IReadOnlyList<FaultResult> seeds)
    {
        if (seeds.Count == 0)
            return;
        var failed = seeds.Where(seed => !seed.Survived).Select(seed => seed.Name).ToList();
        text.Append(Prose("seeds"));
        Line(text, $"\nSeeds {string.Join(", ", seeds.Select(seed => seed.Name))}: **{seeds.Count - failed.Count} of {seeds.Count}** survived at {string.Join(", ", seeds.Select(seed => seed.Commit).Distinct())}{(failed.Count == 0 ? "" : $"; not {string.Join(", ", failed)}")}.");
        if (failed.Count == 0 && seeds.Count >= FewestForABound)
            Line(text, $"With no failure in {seeds.Count} runs, the probability that a run of this distribution of faults fails is below {300.0 / seeds.Count:0.#} % (95 %, rule of three). Of other faults that says nothing.");
    }

    private static void Soaks(StringBuilder text, IReadOnlyList<SoakResult> soaks)
    {
        if (soaks.Count == 0)
            return;
        text.Append("\n## Soak\n\nA schedule of every minute over four claims; watches end and expire, 1 % of the writes lose their answer, 1 % are refused, 1 % of the reads are cut.\n\n");
        text.Append("| Minutes | Backups | Failed | Faults | Writes a backup | Memory, first third | last third | slope | Commit |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var soak in soaks)
            Line(text, $"| {soak.Minutes} | {soak.Backups} | {soak.Failed} | {soak.Faults} | {soak.WritesPerBackup} | {soak.FirstMegabytes} MB | {soak.LastMegabytes} MB | {soak.MegabytesPerHour} MB/h | {soak.Commit} |");
    }

    private static void Mutants(StringBuilder text, JsonNode? mutants)
    {
        if (mutants?["mutants"] is not JsonArray all)
            return;
        var killed = all.Count(mutant => mutant!["killed"]!.GetValue<bool>());
        text.Append(Prose("mutants"));
        Line(text, $"\nMutation score: **{killed} of {all.Count}**, at {mutants["commit"]}.\n");
        text.Append("| Defect | Known from | Caught by |\n|---|---|---|\n");
        foreach (var mutant in all)
            Line(text, $"| {mutant!["what"]} | {mutant["origin"]} | {(mutant["killed"]!.GetValue<bool>() ? $"`{mutant["test"]}`" : "**nothing**")} |");
    }

    private static string Prose(string chapter) => System.IO.File.ReadAllText(RepositoryRoot.Combine("Walle.Tests", "Chaos", "Report", "Prose", $"{chapter}.md"));

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
