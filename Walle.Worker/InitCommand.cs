using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Restic;

namespace Walle.Worker;

/// <summary>
/// Makes the repository, or finds that it exists already and opens with this password. Never more than that: what is half there stays as it is. The
/// controller sees to it that only one runs at a time (two at once can leave a repository that nobody can open).
/// </summary>
internal sealed class InitCommand(WorkerSetting setting)
{
    public async Task<WorkerResult> RunAsync(CancellationToken stop)
    {
        var (exit, output, trouble) = await RunResticAsync(ResticArguments.Init, logged: true, stop);
        if (exit.Code == 0 && output.RepositoryId is { } id)
        {
            setting.Log.Say($"made the repository {id}");
            return Success(exit, id, null);
        }
        if (output.ExitError?.Contains("config file already exists", StringComparison.Ordinal) == true)
            return await OpenAsync(stop);
        return Failed(exit, output, trouble, stop);
    }

    /// <summary>restic says "already exists" of an empty or damaged config, too.</summary>
    private async Task<WorkerResult> OpenAsync(CancellationToken stop)
    {
        var (exit, output, trouble) = await RunResticAsync(ResticArguments.Config, logged: false, stop);
        if (exit.Code == 0 && output.RepositoryId is { } id)
        {
            setting.Log.Say($"the repository {id} exists already");
            return Success(exit, id, "the repository exists already");
        }
        return Failed(exit, output, trouble, stop);
    }

    /// <param name="logged">The config is not: it holds what chunks are cut by.</param>
    private async Task<(ResticExit Exit, ResticOutput Output, string? Trouble)> RunResticAsync(IReadOnlyList<string> line, bool logged, CancellationToken stop)
    {
        var output = new ResticOutput("/");
        await using var watchdog = new RepositoryWatchdog(setting.Time, setting.Arguments.ConnectTimeout);
        output.BackendSpoke += watchdog.BackendSpoke;
        if (logged)
            output.Noted += setting.Log.Note;
        var exit = await setting.Restic.RunAsync(line, "/", output, watchdog, stop);
        return (exit, output, watchdog.LastTrouble);
    }

    private static WorkerResult Success(ResticExit exit, string id, string? message) => new()
    {
        ExitCode = WorkerExitCode.Success, RepositoryId = id, Message = message, DurationSeconds = exit.Duration.TotalSeconds,
    };

    private static WorkerResult Failed(ResticExit exit, ResticOutput output, string? trouble, CancellationToken stop)
    {
        var failure = stop.IsCancellationRequested
            ? new Failure(Reason.Cancelled, WorkerExitCode.Failure, "stopped by SIGTERM; the repository may be half made")
            : Named(exit, output, trouble);
        return new WorkerResult
        {
            ExitCode = failure.ExitCode, Reason = failure.Reason.ToString(), Message = failure.Message, DurationSeconds = exit.Duration.TotalSeconds,
        };
    }

    private static Failure Named(ResticExit exit, ResticOutput output, string? trouble)
    {
        var failure = ResticFailure.Of(exit, output, trouble, outOfMemory: false);
        if (failure is { Reason: not (Reason.ResticFailed or Reason.RepositoryDamaged or Reason.RepositoryNotFound) })
            return failure;
        var message = failure?.Message ?? "restic exited 0 but named no repository";
        if (message.Contains("repository already contains", StringComparison.Ordinal))
            message += "; the place holds parts of a repository without its config: use an empty place, or remove what is there if nothing of it is needed";
        return new Failure(Reason.InitializationFailed, WorkerExitCode.Failure, message);
    }
}
