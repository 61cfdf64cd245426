namespace Walle.Crds.Contracts;

/// <summary>The verbs of the worker program.</summary>
public static class WorkerVerb
{
    public const string Backup = "backup";
    public const string Init = "init";

    /// <summary>Backs up what a command in a Pod prints.</summary>
    public const string Dump = "dump";

    /// <summary>What restic starts under <see cref="Dump"/>: runs the command in the Pod and copies its output. Never a Job's own verb.</summary>
    public const string ExecStream = "exec-stream";
}
