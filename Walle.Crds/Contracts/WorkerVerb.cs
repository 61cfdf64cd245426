namespace Walle.Crds.Contracts;

/// <summary>The verbs of the worker program.</summary>
public static class WorkerVerb
{
    public const string Backup = "backup";
    public const string Init = "init";
}
