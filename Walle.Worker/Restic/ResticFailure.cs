using System.Globalization;
using Walle.Crds.Conditions;
using Walle.Crds.Contracts;

namespace Walle.Worker.Restic;

/// <summary>Names what went wrong in a run of <c>restic backup</c>. Pure.</summary>
internal static class ResticFailure
{
    private const int Missing = 10;
    private const int Locked = 11;
    private const int Password = 12;
    private const int Incomplete = 3;

    /// <summary>Null is success: exit code 0 and a summary.</summary>
    /// <param name="trouble">What the backend complained about last, if it never recovered.</param>
    /// <param name="outOfMemory">The kernel killed a process of this container for its memory during the run.</param>
    public static Failure? Of(ResticExit exit, ResticOutput output, string? trouble, bool outOfMemory)
    {
        var message = output.ExitError ?? output.LastLine ?? "restic said nothing";
        if (exit.GaveUp && trouble is not null)
            return Retried(trouble);
        switch (exit.Code)
        {
            case 0:
                return output.Summary is null ? new Failure(Reason.ResticFailed, WorkerExitCode.Failure, "restic exited 0 without a summary: nothing proves that a snapshot was saved") : null;
            case Missing:
                return new Failure(Reason.RepositoryNotFound, WorkerExitCode.RepositoryMissing, message);
            case Locked:
                return new Failure(Reason.RepositoryLocked, WorkerExitCode.RepositoryLocked, message);
            case Password:
                return new Failure(Reason.WrongPassword, WorkerExitCode.WrongPassword, $"restic refused {CredentialVariables.Password}: {message}");
            case Incomplete:
                return Partial(output);
        }
        if (exit.Signal is { } signal)
        {
            return outOfMemory
                ? new Failure(Reason.OutOfMemory, WorkerExitCode.Failure, "the kernel killed restic, since the container had used up its memory")
                : new Failure(Reason.ResticFailed, WorkerExitCode.Failure, string.Create(CultureInfo.InvariantCulture, $"restic was killed by signal {signal}"));
        }
        if (Source(message, output) is { } source)
            return source;
        if (message.Contains("invalid pattern", StringComparison.Ordinal))
            return new Failure(Reason.InvalidSpec, WorkerExitCode.InvalidInput, $"an exclude is malformed: {message}");
        if (trouble is not null && message.Contains("unable to start the sftp session", StringComparison.Ordinal))
            return Retried(trouble);
        if (FailureText.ReasonOf(message) is { } reason)
            return new Failure(reason, ExitCodeOf(reason), message + TrustHint(message));
        if (trouble is not null && FailureText.ReasonOf(trouble) is { } cause)
            return new Failure(cause, ExitCodeOf(cause), $"{message}: {trouble}");
        return new Failure(Reason.ResticFailed, WorkerExitCode.Failure, string.Create(CultureInfo.InvariantCulture, $"restic exited {exit.Code}: {message}"));
    }

    public static int ExitCodeOf(Reason reason) => reason switch
    {
        Reason.RepositoryNotFound => WorkerExitCode.RepositoryMissing,
        Reason.RepositoryLocked => WorkerExitCode.RepositoryLocked,
        Reason.WrongPassword => WorkerExitCode.WrongPassword,
        Reason.InvalidCredentials or Reason.InvalidSpec => WorkerExitCode.InvalidInput,
        _ => WorkerExitCode.Failure,
    };

    private static Failure Retried(string trouble)
    {
        var reason = FailureText.ReasonOf(trouble) ?? Reason.RepositoryUnreachable;
        return new Failure(reason, ExitCodeOf(reason), trouble + TrustHint(trouble));
    }

    private static string TrustHint(string message) => FailureText.IsHostKey(message)
        ? $"; {CredentialFiles.KnownHosts} in the Secret does not hold the server's key"
        : FailureText.IsTrust(message) ? "; put the server's certificate authority into the Secret as ca.crt" : "";

    /// <summary>
    /// Exit code 3. A damaged parent tree counts as "source file could not be read" to restic, but what was saved then may rest on data that is gone.
    /// </summary>
    private static Failure Partial(ResticOutput output)
    {
        if (output.Damage is { } damage)
            return new Failure(Reason.RepositoryDamaged, WorkerExitCode.Failure, damage);
        var paths = output.Unreadable.Count > 0 ? string.Join(", ", output.Unreadable.Take(3)) : "restic named none";
        var message = string.Create(CultureInfo.InvariantCulture, $"{output.UnreadableCount} files or folders could not be read: {paths}");
        if (output.FirstFileError is { } first)
            message += $" ({first})";
        return output.Summary is { SnapshotId: not null, FilesProcessed: > 0 }
            ? new Failure(Reason.SourceUnreadable, WorkerExitCode.Partial, message)
            : new Failure(Reason.SourceUnreadable, WorkerExitCode.Failure, $"nothing could be read: {message}");
    }

    private static Failure? Source(string message, ResticOutput output)
    {
        if (message.Contains("snapshot is empty", StringComparison.Ordinal))
        {
            return output.UnreadableCount > 0
                ? new Failure(Reason.SourceUnreadable, WorkerExitCode.Failure, $"nothing could be read: {output.FirstFileError}")
                : new Failure(Reason.EmptySource, WorkerExitCode.Failure, "nothing is left to save: the excludes leave out everything");
        }
        return message.StartsWith("stat .:", StringComparison.Ordinal) || message.Contains("all source directories/files do not exist", StringComparison.Ordinal)
            ? new Failure(Reason.SourceUnreadable, WorkerExitCode.Failure, $"the volume's root cannot be read: {message}")
            : null;
    }
}
