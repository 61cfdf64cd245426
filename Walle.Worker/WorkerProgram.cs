using System.Runtime.InteropServices;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Arguments;
using Walle.Worker.Environment;
using Walle.Worker.Maintenance;
using Walle.Worker.Restic;
using Walle.Worker.Result;

namespace Walle.Worker;

/// <summary>One run: check everything, do the verb, leave the result. Whatever happens, a result is left and it is no success by accident.</summary>
internal sealed class WorkerProgram(Func<string, string?> variable, TextWriter output, TextWriter errors, TimeProvider time)
{
    private readonly WorkerLog _log = new(output, errors, time);

    public async Task<int> RunAsync(IReadOnlyList<string> commandLine)
    {
        using var stopping = new CancellationTokenSource();
        var terminationLog = ArgumentParser.TerminationLogOf(commandLine);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            // Kubelet kills at the end of the grace period; restic may still be uploading what it holds then.
            Leave(terminationLog, Cancelled());
            stopping.Cancel();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        // `restic unlock` asks by SIGHUP whether the process that a lock names still lives, and the number in the lock may by chance be ours.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        var result = await ResultAsync(commandLine, stopping.Token);
        Leave(terminationLog, result);
        return result.ExitCode;
    }

    private async Task<WorkerResult> ResultAsync(IReadOnlyList<string> commandLine, CancellationToken stop)
    {
        ResticVersion? version = null;
        WorkerResult result;
        try
        {
            var arguments = commandLine is [WorkerVerb.Dump or WorkerVerb.Feed, ..] ? DumpArgumentParser.Parse(commandLine) : ArgumentParser.Parse(commandLine);
            var (setting, location) = Check(arguments);
            version = await VersionAsync(setting, stop);
            if (location.Server is { } server)
                await new Preflight(time).RunAsync(server, arguments.ConnectTimeout, stop);
            result = await WorkAsync(setting, stop);
            result = result with { RepositoryId = result.RepositoryId ?? RepositoryIdentity.Of(arguments.CacheDirectory) };
        }
        catch (WorkerException failure)
        {
            result = Of(failure);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            result = Cancelled();
        }
#pragma warning disable CA1031 // The last resort: without a result the controller could only say that the worker vanished.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            result = new WorkerResult
            {
                ExitCode = WorkerExitCode.Failure, Reason = nameof(Reason.ResticFailed), Message = $"the worker failed: {unexpected.GetType().Name}: {unexpected.Message}",
            };
        }
        if (result.Reason == nameof(Reason.WrongPassword) && variable(CredentialVariables.Password) is { } password && password != password.Trim())
            result = result with { Message = $"{result.Message}; {CredentialVariables.Password} in the Secret begins or ends with a space or a line break: make it with `printf %s`" };
        if (result.Reason is not null)
            _log.Error($"{result.Reason}: {result.Message}");
        return result with { ResticVersion = version?.Text };
    }

    /// <summary>If locks are in the way, whose they are is told with the result: the controller knows who of them is dead.</summary>
    private async Task<WorkerResult> WorkAsync(WorkerSetting setting, CancellationToken stop)
    {
        WorkerResult result;
        try
        {
            result = await RunVerbAsync(setting, stop);
        }
        catch (WorkerException failure) when (failure.Reason == Reason.RepositoryLocked)
        {
            result = Of(failure);
        }

        return result is { Reason: nameof(Reason.RepositoryLocked), Locks: null } && !stop.IsCancellationRequested
            ? result with { Locks = await new LockReader(new MaintenanceRun(setting)).ReadAsync(stop) }
            : result;
    }

    private static WorkerResult Of(WorkerException failure) => new() { ExitCode = failure.ExitCode, Reason = failure.Reason.ToString(), Message = failure.Message };

    private Task<WorkerResult> RunVerbAsync(WorkerSetting setting, CancellationToken stop) => setting.Arguments.Verb switch
    {
        WorkerVerb.Init => new InitCommand(setting).RunAsync(stop),
        WorkerVerb.Dump => new DumpCommand(setting, variable).RunAsync(stop),
        WorkerVerb.Feed => new FeedCommand(setting, variable).RunAsync(stop),
        WorkerVerb.Plan => new PlanCommand(setting, variable(CredentialVariables.RestoreNamespaces)).RunAsync(stop),
        WorkerVerb.Restore => new RestoreCommand(setting, variable(CredentialVariables.RestoreNamespaces)).RunAsync(stop),
        WorkerVerb.Claims => new ClaimsCommand(setting, output, variable(CredentialVariables.RestoreNamespaces)).RunAsync(stop),
        WorkerVerb.Prune => new PruneCommand(setting).RunAsync(stop),
        WorkerVerb.Check => new CheckCommand(setting).RunAsync(stop),
        WorkerVerb.Unlock => new UnlockCommand(setting).RunAsync(stop),
        _ => new BackupCommand(setting).RunAsync(stop),
    };

    private (WorkerSetting Setting, RepositoryLocation Location) Check(WorkerArguments arguments)
    {
        // Before anything can go wrong with them.
        _log.Redactor = new Redactor(CredentialEnvironment.Secrets(variable));
        var environment = CredentialEnvironment.Build(
            variable, File.Exists, arguments.CredentialsDirectory, arguments.CacheDirectory, arguments.TemporaryDirectory);
        var location = RepositoryLocation.Parse(environment[CredentialVariables.Repository], arguments.RepositoryRoot, variable);
        if (location.UserInfo is { } user)
            _log.Redactor = new Redactor([.. CredentialEnvironment.Secrets(variable), user, .. user.Split(':', 2)]);
        (IReadOnlyList<string> options, string? sshLog) = location.Sftp is { } sftp
            ? SshSetting.Prepare(sftp, ResticProcess.Find("ssh", variable("PATH"), File.Exists), arguments.CredentialsDirectory, arguments.TemporaryDirectory)
            : ([], null);
        var restic = new ResticProcess(ResticProcess.Find(variable("PATH"), File.Exists), options, environment, time) { SshErrorLog = sshLog };
        return (new WorkerSetting(arguments, environment, restic, _log, time), location);
    }

    private static async Task<ResticVersion> VersionAsync(WorkerSetting setting, CancellationToken stop)
    {
        string? first = null;
        var output = new ResticOutput("/");
        output.BackendSpoke += line => first ??= line;
        _ = await setting.Restic.RunAsync(ResticArguments.Version, "/", output, watchdog: null, stop);
        return ResticVersion.Parse(first ?? "").Required();
    }

    private static WorkerResult Cancelled() => new()
    {
        ExitCode = WorkerExitCode.Failure, Reason = nameof(Reason.Cancelled), Message = "stopped by SIGTERM",
    };

    private void Leave(string terminationLog, WorkerResult result)
    {
        try
        {
            TerminationMessage.Write(terminationLog, TerminationMessage.Serialize(result, _log.Redactor));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            _log.Error($"the result cannot be written to {terminationLog}");
        }
    }
}
