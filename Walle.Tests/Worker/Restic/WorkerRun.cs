using Walle.Crds.Contracts;

namespace Walle.Tests.Worker.Restic;

/// <summary>What one run of the worker program left behind.</summary>
internal sealed record WorkerRun(int ExitCode, WorkerResult Result, string Output, string Errors)
{
    public override string ToString() => $"exit {ExitCode}, {Result}\n{Output}\n{Errors}";
}
