using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Maintenance;
using Walle.Worker.Restic;

namespace Walle.Worker;

/// <summary>Looks for damage with <c>restic check</c>; told which part, it reads that part of the data, too.</summary>
internal sealed class CheckCommand(WorkerSetting setting)
{
    private const int MostNamed = 3;

    public async Task<WorkerResult> RunAsync(CancellationToken stop)
    {
        var run = new MaintenanceRun(setting);
        var (exit, output, failure) = await run.RunAsync(MaintenanceLine.Check(setting.Arguments), stop);
        if (failure is null && output.CheckErrorCount is null)
            failure = new Failure(Reason.ResticFailed, WorkerExitCode.Failure, "restic exited 0 without a summary: nothing proves that the repository was checked");
        else if (failure is null && output.CheckErrorCount > 0)
            failure = new Failure(Reason.RepositoryDamaged, WorkerExitCode.Failure, "");
        if (failure is null)
        {
            setting.Log.Say("no damage found");
            return new WorkerResult { ExitCode = WorkerExitCode.Success, DurationSeconds = exit.Duration.TotalSeconds };
        }
        return MaintenanceRun.Failed(output.CheckErrors.Count > 0 && failure.Reason is not Reason.Cancelled ? Found(output) : failure, exit.Duration);
    }

    /// <summary>What restic found. A server that went away in the middle is not damage, although restic counts that as an error of the repository.</summary>
    private static Failure Found(ResticOutput output)
    {
        var found = output.CheckErrors.Where(line => line.Length > 0).ToList();
        var reasons = found.ConvertAll(FailureText.ReasonOf);
        var passing = reasons.Find(reason => reason is Reason.RepositoryUnreachable or Reason.RepositoryAccessDenied or Reason.RepositoryLocked or Reason.InvalidLock);
        var cause = string.Join("; ", found.Take(MostNamed).Select(line => ResticMessage.Clean(line)));
        if (passing is { } reason && !reasons.Contains(Reason.RepositoryDamaged))
            return new Failure(reason, ResticFailure.ExitCodeOf(reason), cause);
        var repair = found.Find(line => line.StartsWith("restic repair ", StringComparison.Ordinal))?.ReplaceLineEndings(" && ");
        return new Failure(
            Reason.RepositoryDamaged, WorkerExitCode.Failure,
            string.Create(CultureInfo.InvariantCulture, $"{output.CheckErrorCount ?? found.Count} errors: {cause}{(repair is null ? "" : $"; restic advises: {repair}")}"));
    }
}
