namespace Walle.Crds;

/// <summary>Annotations on a workload, its Pod template or a Pod: what is run there around a backup (docs/hooks.md).</summary>
public static class HookAnnotation
{
    /// <summary>Run before the volumes are snapshotted.</summary>
    public const string Before = ApiGroup.Name + "/before-backup";

    /// <summary>Run once they are cut, whenever <see cref="Before"/> may have started.</summary>
    public const string After = ApiGroup.Name + "/after-backup";

    /// <summary>Its standard output is backed up.</summary>
    public const string Dump = ApiGroup.Name + "/backup-command";

    /// <summary>Gets a dump as its standard input (a RestoreJob's target.exec).</summary>
    public const string Restore = ApiGroup.Name + "/restore-command";

    /// <summary>Containers of all four, comma-separated.</summary>
    public const string Container = ApiGroup.Name + "/container";
    public const string BeforeContainer = Before + "-container";
    public const string AfterContainer = After + "-container";
    public const string DumpContainer = Dump + "-container";
    public const string RestoreContainer = Restore + "-container";

    /// <summary>Of each hook: default 60s, at most 30m.</summary>
    public const string Timeout = ApiGroup.Name + "/hook-timeout";

    /// <summary>Of a dump: default 1h, at most 24h.</summary>
    public const string DumpTimeout = Dump + "-timeout";

    /// <summary>Of a restore into a command: default 1h, at most 24h.</summary>
    public const string RestoreTimeout = Restore + "-timeout";

    /// <summary>Fail or Continue.</summary>
    public const string OnError = ApiGroup.Name + "/on-hook-error";

    /// <summary>InsteadOfVolumes or WithVolumes.</summary>
    public const string DumpMode = Dump + "-mode";

    /// <summary>Name of the dump in the repository.</summary>
    public const string FileName = ApiGroup.Name + "/file-name";

    /// <summary>"false": what carries it (a claim, a Pod, a workload) is left out.</summary>
    public const string Backup = ApiGroup.Name + "/backup";

    public static readonly IReadOnlyList<string> All =
        [Before, After, Dump, Restore, Container, BeforeContainer, AfterContainer, DumpContainer, RestoreContainer, Timeout, DumpTimeout, RestoreTimeout, OnError, DumpMode, FileName, Backup];
}
