namespace Walle.Crds.Contracts;

/// <summary>The verbs of the worker program.</summary>
public static class WorkerVerb
{
    public const string Backup = "backup";
    public const string Init = "init";

    /// <summary>Choose the snapshot and report what is known of it, without touching any volume.</summary>
    public const string Plan = "plan";
    public const string Restore = "restore";

    /// <summary>Print a RestoreJob for every claim in the repository (docs/recovery.md).</summary>
    public const string Claims = "claims";
}
