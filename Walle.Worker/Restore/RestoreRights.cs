using Walle.Crds.Conditions;
using Walle.Crds.Contracts;
using Walle.Worker.Restic;

namespace Walle.Worker.Restore;

/// <summary>
/// Whose backups may be restored: those of the RestoreJob's own namespace and cluster, and what the Secret allows besides. Whoever may make RestoreJobs
/// need not be one who may read the Secret; whoever fills the Secret holds the password and can read the whole repository anyway. So the leave stands there.
/// </summary>
internal sealed class RestoreRights(string cluster, string @namespace, string volumeRoot, string? allowed)
{
    private readonly string[] _allowed = (allowed ?? "").Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public bool Covers(string sourceCluster, string path)
    {
        // What is not of Walle's making belongs to no namespace.
        var source = NamespaceOf(path);
        return (source == @namespace && sourceCluster == cluster)
            || _allowed.Any(entry => entry == "*"
                || (source is not null && (entry == $"{sourceCluster}/{source}" || entry == $"{sourceCluster}/*" || (entry == source && sourceCluster == cluster))));
    }

    /// <exception cref="WorkerException">ForeignBackup.</exception>
    public void Require(string sourceCluster, string path)
    {
        if (Covers(sourceCluster, path))
            return;
        var entry = NamespaceOf(path) is { } source ? sourceCluster == cluster ? source : $"{sourceCluster}/{source}" : "*";
        throw Refused($"the backup of {path} by cluster {sourceCluster} is not of this namespace", entry);
    }

    /// <summary>By its id: of a snapshot of others nothing is told.</summary>
    public void Require(RepositorySnapshot snapshot)
    {
        if (snapshot.Paths.Count == 0 || !snapshot.Paths.All(path => Covers(snapshot.Host, path)))
            throw Refused($"snapshot {snapshot.Id[..8]} is not of this namespace and cluster ({@namespace}, {cluster})", "its namespace, its cluster/namespace, or *");
    }

    public string? NamespaceOf(string path) =>
        path.StartsWith(volumeRoot + "/", StringComparison.Ordinal) && path[(volumeRoot.Length + 1)..].Split('/') is { Length: 2 or 3 } parts ? parts[0] : null;

    private static WorkerException Refused(string what, string entry) => new(
        Reason.ForeignBackup, WorkerExitCode.InvalidInput,
        $"{what}, and the Secret does not allow it; its owner can, with the key {CredentialVariables.RestoreNamespaces} ({entry})");
}
