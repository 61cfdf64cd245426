namespace Walle.Tests.Cluster;

/// <summary>A command ended with an exit code other than 0.</summary>
public sealed class CommandFailedException(CommandResult result)
    : Exception($"`{result.Command}` ended with exit code {result.ExitCode}: {(result.Error.Length > 0 ? result.Error : result.Output).Trim()}")
{
    public CommandResult Result { get; } = result;
}
