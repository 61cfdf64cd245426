namespace Walle.Crds.Contracts;

/// <summary>The verbs of the worker program.</summary>
public static class WorkerVerb
{
    public const string Backup = "backup";
    public const string Init = "init";

    /// <summary>Choose the snapshot and report what is known of it, without touching any volume.</summary>
    public const string Plan = "plan";
    public const string Restore = "restore";

    /// <summary>Give a dump to a command in a Pod, as its standard input (a RestoreJob with target.exec).</summary>
    public const string Feed = "feed";

    /// <summary>Forget what retention does not keep, then remove the data that nothing needs any more.</summary>
    public const string Prune = "prune";

    /// <summary>Look for damage in the repository.</summary>
    public const string Check = "check";

    /// <summary>Remove the locks that a dead worker left: in a Pod with its host name, so that restic takes them for its own and stale.</summary>
    public const string Unlock = "unlock";

    /// <summary>Print a RestoreJob for every claim in the repository (docs/recovery.md).</summary>
    public const string Claims = "claims";

    /// <summary>Backs up what a command in a Pod prints.</summary>
    public const string Dump = "dump";

    /// <summary>What restic starts under <see cref="Dump"/>: runs the command in the Pod and copies its output. Never a Job's own verb.</summary>
    public const string ExecStream = "exec-stream";
}
