using Walle.Crds.Exec;

namespace Walle.Controller.Exec;

/// <summary>Runs a command in a container.</summary>
internal interface IPodExecutor
{
    /// <param name="output">Gets both output streams, as they come.</param>
    /// <exception cref="ExecRefusedException">The API server did not let it be started.</exception>
    /// <exception cref="IOException">Nobody knows how it ended, or whether it was started.</exception>
    /// <exception cref="HttpRequestException">The API server could not be reached.</exception>
    Task<ExecStatus> RunAsync(ExecRequest request, OutputTail output, CancellationToken cancellationToken);
}
