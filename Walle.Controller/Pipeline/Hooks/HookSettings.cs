namespace Walle.Controller.Pipeline.Hooks;

/// <summary>What the annotations of one Pod ask for. Commands are argument lists; null is none.</summary>
internal sealed record HookSettings
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan DefaultDumpTimeout = TimeSpan.FromHours(1);

    public IReadOnlyList<string>? Before { get; init; }
    public IReadOnlyList<string>? After { get; init; }
    public IReadOnlyList<string>? Dump { get; init; }
    public IReadOnlyList<string>? Restore { get; init; }

    /// <summary>Null: those that mount a claim of the source.</summary>
    public IReadOnlyList<string>? BeforeContainers { get; init; }
    public IReadOnlyList<string>? AfterContainers { get; init; }

    /// <summary>Null: the first that mounts a claim of the source.</summary>
    public string? DumpContainer { get; init; }
    public string? RestoreContainer { get; init; }
    public TimeSpan Timeout { get; init; } = DefaultTimeout;
    public TimeSpan DumpTimeout { get; init; } = DefaultDumpTimeout;
    public TimeSpan RestoreTimeout { get; init; } = DefaultDumpTimeout;
    public bool ContinueOnError { get; init; }
    public bool WithVolumes { get; init; }
    public string? FileName { get; init; }
}
