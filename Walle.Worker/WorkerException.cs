using Walle.Crds.Conditions;

namespace Walle.Worker;

/// <summary>Ends the run with a reason and an exit code. The message is for the user: it names what is wrong, and never a secret.</summary>
internal sealed class WorkerException(Reason reason, int exitCode, string message) : Exception(message)
{
    public Reason Reason { get; } = reason;

    public int ExitCode { get; } = exitCode;
}
