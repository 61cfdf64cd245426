using Walle.Crds.Contracts;

namespace Walle.Worker.Arguments;

/// <summary>The command line, checked.</summary>
internal sealed record WorkerArguments
{
    public required string Verb { get; init; }
    public string? Host { get; set; }
    public string? Path { get; set; }
    public DateTimeOffset? Time { get; set; }
    public string? Parent { get; set; }
    public bool FullRead { get; set; }
    public bool IgnoreInode { get; set; }
    public bool ExpectFiles { get; set; }
    public List<string> Tags { get; } = [];
    public List<string> Excludes { get; } = [];
    public bool ExcludeCaches { get; set; }
    public string? Compression { get; set; }
    public int LimitUpload { get; set; }
    public bool SkipIfUnchanged { get; set; }
    public string? RetryLock { get; set; }

    /// <summary>Of verbs plan, restore and claims.</summary>
    public RestoreArguments Restore { get; } = new();

    /// <summary>Of verb dump only.</summary>
    public DumpArguments? Dump { get; init; }

    /// <summary>Of verbs prune and check.</summary>
    public MaintenanceArguments Maintenance { get; } = new();

    /// <summary>Null: no local path is allowed. Anything else in the container is gone when it ends, and a backup with it.</summary>
    public string? RepositoryRoot { get; set; }
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(60);
    public string TerminationLog { get; set; } = WorkerPaths.TerminationLog;
    public string CacheDirectory { get; set; } = WorkerPaths.Cache;
    public string TemporaryDirectory { get; set; } = WorkerPaths.Temporary;
    public string CredentialsDirectory { get; set; } = WorkerPaths.Credentials;
}
