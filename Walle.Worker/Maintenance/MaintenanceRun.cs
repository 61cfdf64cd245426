using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Restic;

namespace Walle.Worker.Maintenance;

/// <summary>Runs one restic command on the repository as a whole, and names what went wrong.</summary>
internal sealed class MaintenanceRun(WorkerSetting setting)
{
    /// <param name="logged">Whether what restic says belongs into the log.</param>
    public async Task<(ResticExit Exit, ResticOutput Output, Failure? Failure)> RunAsync(
        IReadOnlyList<string> line, CancellationToken stop, bool logged = true, Func<Stream, Task>? readOutput = null)
    {
        var output = new ResticOutput("/");
        await using var watchdog = new RepositoryWatchdog(setting.Time, setting.Arguments.ConnectTimeout);
        output.BackendSpoke += watchdog.BackendSpoke;
        if (logged)
            output.Noted += setting.Log.Note;
        var kills = MemoryPressure.Kills(File.ReadLines);
        var exit = await setting.Restic.RunAsync(line, "/", output, watchdog, stop, readOutput);
        if (exit is { Code: 0, GaveUp: false } && output.UnremovedCount > 0)
            return (exit, output, Unremoved(output, watchdog.LastTrouble));
        if (exit is { Code: 0, GaveUp: false })
            return (exit, output, null);
        if (stop.IsCancellationRequested)
            return (exit, output, new Failure(Reason.Cancelled, WorkerExitCode.Failure, "stopped by SIGTERM; the next run goes on where this one ended"));
        // Exit code 3 of `forget` (restic 0.19): some snapshots could not be removed.
        var failure = exit.Code == WorkerExitCode.Partial
            ? new Failure(Reason.ResticFailed, WorkerExitCode.Failure, output.ExitError ?? output.LastLine ?? "restic exited 3")
            : ResticFailure.Of(exit, output, watchdog.LastTrouble, MemoryPressure.Kills(File.ReadLines) > kills);
        return (exit, output, failure ?? new Failure(Reason.ResticFailed, WorkerExitCode.Failure, "the worker gave up"));
    }

    private static Failure Unremoved(ResticOutput output, string? trouble)
    {
        var reason = trouble is null ? null : FailureText.ReasonOf(trouble);
        return new Failure(
            reason ?? Reason.ResticFailed, ResticFailure.ExitCodeOf(reason ?? Reason.ResticFailed),
            string.Create(CultureInfo.InvariantCulture, $"{output.UnremovedCount} files could not be deleted: {trouble ?? output.LastLine}"));
    }

    public static WorkerResult Failed(Failure failure, TimeSpan duration) =>
        new() { ExitCode = failure.ExitCode, Reason = failure.Reason.ToString(), Message = failure.Message, DurationSeconds = duration.TotalSeconds };
}
