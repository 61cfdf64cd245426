namespace Walle.Crds.Contracts;

/// <summary>Options of the verbs dump, exec-stream and feed, beside those of <see cref="WorkerOption"/> that a backup or a restore has.</summary>
public static class DumpOption
{
    /// <summary>Where the command runs.</summary>
    public const string Namespace = "--namespace";
    public const string Pod = "--pod";

    /// <summary>Another Pod of the same name is not the one that was chosen.</summary>
    public const string PodUid = "--pod-uid";
    public const string Container = "--container";

    /// <summary>A JSON array of strings.</summary>
    public const string Command = "--command";

    /// <summary>Whole seconds.</summary>
    public const string CommandTimeout = "--command-timeout";

    /// <summary>Of exec-stream: where to leave what became of the command.</summary>
    public const string Report = "--report";

    /// <summary>Instead of kubelet's folder with the ServiceAccount's token and the cluster's certificate authority.</summary>
    public const string AccountDirectory = "--account-dir";

    /// <summary>Instead of the address in the environment.</summary>
    public const string Server = "--server";
}
