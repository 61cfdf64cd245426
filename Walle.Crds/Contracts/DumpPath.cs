namespace Walle.Crds.Contracts;

/// <summary>
/// The path of a dump in the repository: <c>/walle_namespace_workload_file</c>. Without folders: restic 0.18.0 fails on a <c>--stdin-filename</c> that has any
/// (its issue 5324), and snapshots of one dump must not be spread over two paths by an upgrade. No namespace or workload holds an underscore, so no two share
/// a path.
/// </summary>
/// <param name="Workload">* in a search: any.</param>
public readonly record struct DumpPath(string Namespace, string Workload, string FileName)
{
    private const char Separator = '_';

    /// <param name="volumeRoot"><see cref="WorkerPaths.VolumeRoot"/>, but in tests.</param>
    public string Under(string volumeRoot) => $"{volumeRoot}{Separator}{Namespace}{Separator}{Workload}{Separator}{FileName}";

    /// <summary>Null for what is no dump's path.</summary>
    public static DumpPath? Parse(string path, string volumeRoot)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.StartsWith(volumeRoot + Separator, StringComparison.Ordinal)
            && path[(volumeRoot.Length + 1)..].Split(Separator, 3) is [{ Length: > 0 } ns, { Length: > 0 } workload, { Length: > 0 } file] && !path[(volumeRoot.Length + 1)..].Contains('/', StringComparison.Ordinal)
                ? new DumpPath(ns, workload, file)
                : null;
    }
}
