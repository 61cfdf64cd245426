namespace Walle.Crds.Contracts;

/// <summary>Exit codes of the worker; 3 and 10 to 12 are restic's own (restic manual, "Scripting").</summary>
public static class WorkerExitCode
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>Bad arguments or environment; the message names the one at fault.</summary>
    public const int InvalidInput = 2;

    /// <summary>A snapshot was saved, but part of the source could not be read.</summary>
    public const int Partial = 3;
    public const int RepositoryMissing = 10;
    public const int RepositoryLocked = 11;
    public const int WrongPassword = 12;
}
