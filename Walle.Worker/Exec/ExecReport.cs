namespace Walle.Worker.Exec;

/// <summary>What exec-stream leaves for the dump that it is part of.</summary>
internal sealed record ExecReport
{
    /// <summary>Name of a <see cref="Crds.Conditions.Reason"/>; null only when the command ended with exit code 0 and printed something.</summary>
    public string? Reason { get; init; }
    public string? Message { get; init; }

    /// <summary>Of the command, when its status came.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Handed to restic.</summary>
    public long Bytes { get; init; }

    /// <summary>Of these bytes.</summary>
    public string? Sha256 { get; init; }

    /// <summary>restic went away first: it knows why.</summary>
    public bool OutputClosed { get; init; }
}
