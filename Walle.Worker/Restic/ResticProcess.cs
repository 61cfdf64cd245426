using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;

namespace Walle.Worker.Restic;

/// <summary>Runs restic: a list of arguments, never a shell; the given environment and nothing of the worker's own.</summary>
/// <param name="options">Go before every command.</param>
internal sealed class ResticProcess(string executable, IReadOnlyList<string> options, IReadOnlyDictionary<string, string> environment, TimeProvider time)
{
    private const int MostSshErrors = 50;

    /// <summary>restic gives its lock back when it is asked to end, but may be stuck in the very request that failed.</summary>
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(60);

    /// <summary>What ssh writes its errors to, where the repository is reached by it; read as if restic had passed them on.</summary>
    public string? SshErrorLog { get; init; }

    /// <summary>The first "restic" in the worker's search path.</summary>
    public static string Find(string? searchPath, Func<string, bool> fileExists) =>
        Find("restic", searchPath, fileExists) ?? throw new WorkerException(Reason.ResticFailed, WorkerExitCode.Failure, "there is no restic in the worker's image");

    /// <summary>The first program of that name in the worker's search path, as a whole path: restic itself inherits no PATH.</summary>
    public static string? Find(string program, string? searchPath, Func<string, bool> fileExists)
    {
        foreach (var folder in (searchPath ?? "/usr/local/bin:/usr/bin:/bin").Split(':'))
        {
            var candidate = $"{folder.TrimEnd('/')}/{program}";
            if (folder.StartsWith('/') && fileExists(candidate))
                return candidate;
        }
        return null;
    }

    /// <param name="stop">restic is asked to end (SIGTERM) and waited for.</param>
    /// <param name="readOutput">Reads what restic prints instead of <paramref name="output"/>: a listing is one long line.</param>
    public async Task<ResticExit> RunAsync(
        IReadOnlyList<string> arguments, string workingDirectory, ResticOutput output, RepositoryWatchdog? watchdog, CancellationToken stop, Func<Stream, Task>? readOutput = null)
    {
        stop.ThrowIfCancellationRequested();
        var started = time.GetTimestamp();
        using var process = Start(arguments, workingDirectory);
        process.StandardInput.Close();
        var reading = Task.WhenAll(
            readOutput?.Invoke(process.StandardOutput.BaseStream) ?? new BoundedLineReader(process.StandardOutput.BaseStream).ReadAsync(output.Read),
            new BoundedLineReader(process.StandardError.BaseStream).ReadAsync(output.Read));
        var ended = EndAsync(process, reading);
        var gaveUp = false;
        await using (stop.Register(() => Terminate(process)))
        {
            if (watchdog is not null && await Task.WhenAny(ended, watchdog.Expired) != ended)
            {
                gaveUp = true;
                Terminate(process);
                await KillUnlessEndedAsync(process, ended);
            }
            await ended;
        }
        ReadSshErrors(output);
        return new ResticExit(process.ExitCode, time.GetElapsedTime(started), gaveUp);
    }

    private void ReadSshErrors(ResticOutput output)
    {
        if (SshErrorLog is null || !File.Exists(SshErrorLog))
            return;
        foreach (var line in File.ReadLines(SshErrorLog).Take(MostSshErrors))
            output.Read(Encoding.UTF8.GetBytes($"subprocess ssh: {line.TrimEnd()}"));
        File.Delete(SshErrorLog);
    }

    private static async Task EndAsync(Process process, Task reading)
    {
        await reading;
        await process.WaitForExitAsync(CancellationToken.None);
    }

    private async Task KillUnlessEndedAsync(Process process, Task ended)
    {
        try
        {
            await ended.WaitAsync(LongestFarewell, time);
        }
        catch (TimeoutException)
        {
            process.Kill();
        }
    }

    private Process Start(IReadOnlyList<string> arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(executable)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in options.Concat(arguments))
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception refused)
        {
            throw new WorkerException(Reason.ResticFailed, WorkerExitCode.Failure, $"{executable} could not be started (errno {refused.NativeErrorCode})");
        }
    }

    private static void Terminate(Process process)
    {
        if (!process.HasExited)
            _ = NativeMethods.Kill(process.Id, NativeMethods.Terminate);
    }
}
