namespace Walle.Crds.Contracts;

/// <summary>A lock file of a repository, as restic's <c>cat lock</c> shows it.</summary>
public sealed record RepositoryLock
{
    /// <summary>Full id: the file's name.</summary>
    public string? Id { get; init; }

    /// <summary>Host name of the process that holds it; of a worker, the name of its Pod. Null: the file cannot be read.</summary>
    public string? Host { get; init; }

    /// <summary>When it was taken or last renewed (every 5 minutes), by that host's clock.</summary>
    public DateTimeOffset? Time { get; init; }
    public bool Exclusive { get; init; }

    /// <summary>Its process, as numbered in its own container.</summary>
    public long? Pid { get; init; }
}
