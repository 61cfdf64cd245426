namespace Walle.Controller.Hosting;

/// <summary>Which Lease, and client-go's periods.</summary>
internal sealed record LeaderElectionOptions
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>
    /// Different for each process that may live at the same time; the same for a container that is restarted in its Pod, which then goes on at once.
    /// </summary>
    public required string Identity { get; init; }

    /// <summary>The Pod's name, else the machine's, and the process: always 1 in a container, so that one restarted in its Pod is the same.</summary>
    public static string OwnIdentity() => $"{Environment.GetEnvironmentVariable("POD_NAME") ?? Environment.MachineName}_{Environment.ProcessId}";

    /// <summary>For how long after the last renewal that they saw the others keep away.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The leader gives up this long after its last renewal: well before the others begin, as clocks and pauses differ.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>One call that hangs must leave time for another one.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(4);
}
