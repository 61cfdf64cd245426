using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Walle.Tests.Cluster;

/// <summary>A command on the machine that runs the tests: an argument list, never a shell line.</summary>
public static class HostCommand
{
    /// <summary>The standard output; throws with standard error where the command fails. <paramref name="onErrorLine"/> sees progress as it comes.</summary>
    public static async Task<string> RunAsync(string file, IReadOnlyList<string> arguments, Action<string>? onErrorLine = null) =>
        (await RunAllowingFailureAsync(file, arguments, onErrorLine)).OutputOrThrow();

    public static async Task<CommandResult> RunAllowingFailureAsync(string file, IReadOnlyList<string> arguments, Action<string>? onErrorLine = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = new Process { StartInfo = start };
        var error = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                return;
            error.AppendLine(line.Data);
            onErrorLine?.Invoke(line.Data);
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new FileNotFoundException($"cannot start `{file}` ({e.Message}): run hack/setup, which installs what the tests need or says what is missing", file, e);
        }

        process.StandardInput.Close();
        process.BeginErrorReadLine();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(string.Join(' ', [file, .. arguments]), process.ExitCode, output, error.ToString());
    }
}
