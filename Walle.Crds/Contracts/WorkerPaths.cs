namespace Walle.Crds.Contracts;

/// <summary>Paths inside the worker's container.</summary>
public static class WorkerPaths
{
    /// <summary>Root of the mounted volumes and, in the repository, of every path: <c>/walle/&lt;namespace&gt;/&lt;claim&gt;</c>.</summary>
    public const string VolumeRoot = "/walle";

    /// <summary>The volume that is restored into.</summary>
    public const string Target = "/target";

    /// <summary>In a volume's root while a restore is under way: whoever finds it knows that the volume is half restored, and by which RestoreJob.</summary>
    public const string RestoreMarker = ".walle-restoring";

    /// <summary>Where a volume that holds the repository is mounted.</summary>
    public const string Repository = "/repository";

    /// <summary>restic's cache: an emptyDir.</summary>
    public const string Cache = "/cache";

    /// <summary>Scratch space: an emptyDir, since the root file system is read-only.</summary>
    public const string Temporary = "/tmp";

    /// <summary>The optional files of the repository's Secret (<see cref="CredentialFiles"/>).</summary>
    public const string Credentials = "/credentials";

    /// <summary>Where kubelet reads the result from; at most 4096 bytes.</summary>
    public const string TerminationLog = "/dev/termination-log";

    /// <summary>The mount path of a claim, which is also its path in the repository.</summary>
    public static string Volume(string @namespace, string claim) => $"{VolumeRoot}/{@namespace}/{claim}";

    /// <summary>The path of a dump in the repository.</summary>
    public static string Dump(string @namespace, string workload, string fileName) => new DumpPath(@namespace, workload, fileName).Under(VolumeRoot);
}
