using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Walle.Controller;
using Walle.Tests.Cluster;

namespace Walle.Tests.Chaos.Report;

/// <summary>Where the tests leave what docs/reliability.md is made of: artifacts/reliability, a file for each kind of result, a line of JSON for each result.</summary>
internal static class ChaosReport
{
    private const int CommitLength = 7;
    private static readonly SemaphoreSlim OneWriter = new(1);

    /// <summary>Of the controller that is run, shortened as git does; empty when it was built outside of a repository.</summary>
    private static readonly string Commit = typeof(ControllerOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+') is [_, { Length: >= CommitLength } revision]
        ? revision[..CommitLength]
        : "";

    public static string Folder => RepositoryRoot.Combine("artifacts", "reliability");

    public static async Task AddAsync<T>(T result)
    {
        await OneWriter.WaitAsync();
        try
        {
            Directory.CreateDirectory(Folder);
            var line = JsonSerializer.SerializeToNode(result)!.AsObject();
            line[nameof(Commit)] = Commit;
            await File.AppendAllTextAsync(Path.Combine(Folder, $"{typeof(T).Name}.jsonl"), $"{line.ToJsonString()}\n");
        }
        finally
        {
            OneWriter.Release();
        }
    }

    public static IReadOnlyList<JsonObject> Read(string kind)
    {
        var path = Path.Combine(Folder, $"{kind}.jsonl");
        return File.Exists(path) ? [.. File.ReadLines(path).Select(line => JsonNode.Parse(line)!.AsObject())] : [];
    }
}
