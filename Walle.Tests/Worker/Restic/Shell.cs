using System.Diagnostics;

namespace Walle.Tests.Worker.Restic;

/// <summary>Runs a script of the test's own and answers with what it printed; a failing one fails the test.</summary>
internal static class Shell
{
    public static string Run(string script, string? workingDirectory = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("/bin/bash")
        {
            ArgumentList = { "-euc", script }, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingDirectory ?? "/",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"exit {process.ExitCode} of: {script}\n{output}\n{errors.Result}");
    }
}
