namespace Walle.Tests.Cluster;

/// <summary>What a command left behind, on the host or in the node.</summary>
public sealed record CommandResult(string Command, long ExitCode, string Output, string Error)
{
    /// <summary>The output, or an exception that holds the command and its standard error.</summary>
    public string OutputOrThrow() => ExitCode == 0 ? Output : throw new CommandFailedException(this);
}
