using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Walle.Tests.Cluster;

namespace Walle.Tests.Architecture.Policies;

/// <summary>
/// Evaluates CEL (https://kubernetes.io/docs/reference/using-api/cel/), which the servers of the tests do not know yet, with a library for Node.js that has the
/// optional fields of the policies.
/// </summary>
internal static class CelProgram
{
    /// <summary>What the library asks for.</summary>
    private const int OldestNode = 20;

    private static readonly string Folder = RepositoryRoot.Combine("Walle.Tests", "Architecture", "Policies");
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>One answer for each item of <paramref name="input"/>. Ignores the test where there is no Node.js, or an old one.</summary>
    /// <param name="script">A file beside this one that reads JSON and writes JSON.</param>
    public static async Task<JsonArray> RunAsync(string script, JsonArray input)
    {
        if (await NodeVersionAsync() < OldestNode)
            Assert.Ignore($"needs Node.js {OldestNode} or newer");
        await Installed.Value;
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, script)]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input.ToJsonString());
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await error);
        return JsonNode.Parse(output)!.AsArray();
    }

    /// <summary>0: there is none.</summary>
    private static async Task<int> NodeVersionAsync() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "node")))
            ? int.Parse((await HostCommand.RunAsync("node", ["--version"])).TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture)
            : 0;

    private static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            await HostCommand.RunAsync("npm", ["ci", "--prefix", Folder, "--no-audit", "--no-fund"]);
    }
}
